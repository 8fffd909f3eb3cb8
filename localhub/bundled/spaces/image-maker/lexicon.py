"""Which words name which archetype.

Names of famous things are an illustrator's ordinary vocabulary; each is drawn by its general archetype, never from a
picture of it. A famous name beats a thing, a thing beats a general kind of building or place.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

import churches
import furniture
import monuments
import numpy as np
import ornaments
import strongholds
import things
import towers
from palette import Palette
from sketch import Sketch

Archetype = Callable[[Sketch, Palette, np.random.Generator], None]

FAMOUS: dict[Archetype, str] = {
    towers.lattice_tower: "eiffel tower, eiffel, tour eiffel, tokyo tower, blackpool tower",
    monuments.glass_pyramid: "louvre, louvre pyramid, pyramide du louvre, glass pyramid",
    churches.gothic_cathedral: "notre dame, notre dame de paris, reims cathedral, chartres, westminster abbey, "
    "cologne cathedral, gothic cathedral",
    monuments.triumphal_arch: "arc de triomphe, arch of triumph, triumphal arch, marble arch, brandenburg "
    "gate, arch of titus, gateway of india",
    churches.domed_basilica: "sacre coeur, sacre cur, sacred heart, montmartre, florence cathedral",
    churches.temple_front: "pantheon, us capitol, capitol, st pauls, saint pauls, st peters, saint peters, invalides",
    churches.temple: "parthenon, acropolis, madeleine, maison carree, lincoln memorial",
    churches.mausoleum: "taj mahal, hagia sophia, blue mosque, humayun",
    churches.onion_church: "saint basil, st basil, st basils, kremlin",
    strongholds.amphitheatre: "colosseum, coliseum, colisee, arena of nimes",
    monuments.stone_pyramid: "giza, cheops, khufu, great pyramid, egyptian pyramid",
    strongholds.suspension_bridge: "golden gate, brooklyn bridge, akashi",
    strongholds.stone_bridge: "pont neuf, rialto, charles bridge, pont du gard, london bridge",
    monuments.palace: "versailles, buckingham palace, orsay, opera garnier, palais garnier, hotel de ville, schonbrunn",
    strongholds.castle: "neuschwanstein, windsor castle, conciergerie, carcassonne, tower of london, edinburgh "
    "castle, bastille",
    towers.clock_tower: "big ben, elizabeth tower",
    towers.arcaded_tower: "leaning tower, tower of pisa, pisa",
    towers.obelisk: "luxor, washington monument, cleopatra needle, cleopatras needle, place de la concorde",
    towers.skyscraper: "empire state, chrysler building, montparnasse tower, burj khalifa, woolworth",
    towers.windmill: "moulin rouge, moulin de la galette",
    ornaments.statue: "statue of liberty, liberty, joan of arc, venus de milo, winged victory",
    ornaments.pillar: "vendome column, trajan column, nelsons column, july column",
    towers.lighthouse: "pharos, cordouan, eddystone",
    strongholds.torii: "itsukushima, fushimi inari",
}
THINGS: dict[Archetype, str] = {
    towers.lattice_tower: "radio tower, lattice tower, iron tower, pylon, mast, transmission tower",
    towers.clock_tower: "clock tower, bell tower, campanile, belfry, clock",
    towers.lighthouse: "lighthouse, beacon, phare",
    towers.obelisk: "obelisk, monolith, needle",
    towers.skyscraper: "skyscraper, high rise, office tower, city block",
    towers.pagoda: "pagoda, japanese temple, chinese temple, stupa",
    towers.windmill: "windmill, mill, moulin",
    towers.domed_tower: "minaret, observatory, silo, water tower, watchtower",
    monuments.stone_pyramid: "pyramid, ziggurat, mountain",
    monuments.triumphal_arch: "arch, gateway, portal, monument",
    strongholds.amphitheatre: "amphitheatre, amphitheater, arena, stadium",
    strongholds.castle: "castle, fortress, fort, keep, chateau, citadel, sandcastle",
    strongholds.stone_bridge: "stone bridge, bridge, aqueduct, viaduct, pont",
    strongholds.suspension_bridge: "suspension bridge, hanging bridge, cable bridge",
    strongholds.house: "house, cottage, cabin, hut, barn, villa, home, farmhouse, shop",
    strongholds.torii: "torii, shrine gate, japanese gate",
    things.tree: "tree, oak, maple, elm, bonsai, bush, plane tree, olive tree, apple tree, cherry tree",
    things.fir: "fir, pine, spruce, christmas tree, conifer, cypress",
    things.vase: "vase, urn, amphora, jug, pot, jar, pitcher, ceramic",
    things.fish: "fish, goldfish, carp, koi, trout, salmon, shark, whale, dolphin",
    things.boat: "boat, ship, sailboat, yacht, sailing boat, caravel, frigate, schooner",
    things.five_star: "star, starfish, medal, badge",
    things.heart: "heart, love, valentine",
    things.flower: "flower, rose, sunflower, daisy, tulip, blossom, lily, dahlia",
    things.mushroom: "mushroom, toadstool, fungus",
    things.fruit: "apple, pear, fruit, peach, plum, cherry, tomato, orange fruit, pumpkin",
    things.rocket: "rocket, spaceship, missile, spacecraft, shuttle",
    furniture.lamp: "lamp, lantern, lampshade, light",
    furniture.chair: "chair, stool, armchair, seat, throne, bench",
    furniture.table: "table, desk, workbench, sideboard",
    furniture.car: "car, automobile, taxi, vehicle, sedan, sports car",
    furniture.balloon: "balloon, hot air balloon, airship",
    furniture.bottle: "bottle, flask, wine bottle, potion, perfume",
    furniture.cup: "cup, mug, teacup, teapot, bowl, coffee",
    ornaments.bell: "bell, gong",
    ornaments.crown: "crown, tiara, diadem",
    ornaments.pillar: "column, pillar, pedestal",
    ornaments.statue: "statue, sculpture, figure, knight, king, queen, angel, goddess, person, woman, man",
    ornaments.fountain: "fountain, spring, birdbath",
}
KINDS: dict[Archetype, str] = {
    churches.gothic_cathedral: "cathedral, minster, abbey, dom",
    churches.domed_basilica: "basilica, white church, duomo",
    churches.temple_front: "dome, domed building, parliament, courthouse, rotunda, memorial",
    churches.temple: "temple, bank, library, museum facade",
    churches.mausoleum: "mosque, mausoleum, tomb",
    churches.onion_church: "orthodox church, onion dome, onion domes",
    churches.chapel: "church, chapel, steeple, village church",
    monuments.palace: "palace, museum, opera, mansion, station, hotel, town hall, building, theatre, theater, school",
    towers.domed_tower: "tower, turret",
    ornaments.ornament: "ornament, abstract, trophy",
}


class Subject(NamedTuple):
    """What a prompt asks to see."""

    archetype: Archetype
    phrase: str
    """The words it was recognised by; empty when nothing was."""


def words_of(prompt: str) -> list[str]:
    """Lower-case words without accents or apostrophes."""
    folded = unicodedata.normalize("NFKD", prompt.replace("œ", "oe").replace("Œ", "oe").replace("’", "'"))
    bare = "".join(c for c in folded if not unicodedata.combining(c)).lower()
    return re.findall(r"[a-z0-9]+", re.sub(r"'s\b", "s", bare).replace("'", " "))


def subject(prompt: str) -> Subject:
    """The best named thing: famous before common, more words before fewer, earlier before later."""
    words = words_of(prompt)
    text = " " + " ".join(words) + " "
    singular = (
        " " + " ".join(w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in words) + " "
    )
    found = []
    for rank, table in enumerate((FAMOUS, THINGS, KINDS)):
        for archetype, phrases in table.items():
            for phrase in phrases.split(", "):
                place = max(text.find(f" {phrase} "), singular.find(f" {phrase} "))
                if place >= 0:
                    found.append((rank, -phrase.count(" "), place, phrase, archetype))
    if not found:
        return Subject(ornaments.ornament, "")
    _, _, _, phrase, archetype = min(found, key=lambda item: item[:4])
    return Subject(archetype, phrase)
