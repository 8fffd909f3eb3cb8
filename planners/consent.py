"""Asking a person before something is published or spent, or a Space is used that the licences speak against."""

from core.errors import ConsentMissing, Failure
from core.events import ConsentAsked, ConsentGiven, ConsentRefused
from core.nouns import Call, Step
from core.run import consent_key
from planners.crew import Crew
from planners.diary import Diary
from planners.ladder import space_of


async def asked_for(crew: Crew, diary: Diary, step: Step, call: Call) -> None:
    """Return when the call may be made. What was asked and answered stands in the journal.

    Raises ConsentMissing when nobody says yes.
    """
    effect = crew.tools[call.tool].effect
    question = await _question(crew, call)
    space = (space_of(call) or "") if question else ""
    given = diary.fold.consents.get(consent_key(step.id, space)) == "given"
    if given or (effect == "read" and question is None):
        return
    if crew.local and question is None:
        diary.mention(ConsentGiven(step=step.id, by="local"))
        return
    if crew.consented:
        diary.mention(ConsentGiven(step=step.id, space=space, by="option"))
        return
    question = question or f"{step.title}: may it be done?"
    asked = ConsentAsked(step=step.id, effect=effect, question=question, space=space)
    await diary.announce(asked)
    if not await crew.consent(asked):
        await diary.announce(ConsentRefused(step=step.id, space=space))
        raise ConsentMissing(f"'{step.title}' needs your consent; resume the run with --yes to give it")
    await diary.announce(ConsentGiven(step=step.id, space=space, by="person"))


async def _question(crew: Crew, call: Call) -> str | None:
    """What the tool wants a person to be asked. A world that cannot be asked about it fails the attempt itself."""
    try:
        return await crew.tools[call.tool].question(call.arguments)
    except Failure:
        return None
