import io
import tarfile
import zipfile

import pytest

from tests.unit.checks_media_samples import zipped
from tests.unit.checks_samples import looked_at, picture
from tools.checks.measure import measure


def tarred(*entries: tuple[str, bytes], kind: bytes = tarfile.REGTYPE) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, data in entries:
            member = tarfile.TarInfo(name)
            member.size, member.type = len(data), kind
            archive.addfile(member, io.BytesIO(data))
    return target.getvalue()


def pdf(*objects: str, tail: bytes = b"") -> bytes:
    """A PDF of one empty page; further objects are numbered from 4 on, the first of them is the page's action."""
    parts = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
    parts.append(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << >>"
        + (" /AA << /O 4 0 R >> >>" if objects else " >>")
    )
    body, places = b"%PDF-1.7\n", []
    for number, part in enumerate([*parts, *objects], 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{part}\nendobj\n".encode()
    table = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + table.encode() + end.encode() + tail


def test_an_archive_is_counted_without_taking_anything_out():
    report = measure(zipped({"a.txt": b"x" * 100, "b/c.csv": b"a,b\n1,2\n"}), None)
    assert (report["status"], report["facts"]["files"], report["facts"]["inflated"]) == ("pass", 2, 108)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (zipped({"../up.txt": b"x"}), "traversal"),
        (zipped({"/root.txt": b"x"}), "traversal"),
        (zipped({"C:\\x.txt": b"x"}), "traversal"),
        (zipped({"model/data.pkl": b"x"}), "code_exec"),
        (zipped({"picture.png": b"\x80\x04K\x01."}), "code_exec"),
        (zipped({"readme.txt": zipped({"a": b"x"})}), "limits"),
        (zipped({"zeros.bin.txt": bytes(40_000_000)}), "bomb"),
        (zipped({str(number): b"" for number in range(2001)}), "bomb"),
        (zipped({"a.txt": b"x" * 99})[:-30], "corrupt"),
        (zipped({"a.txt": b"x"}) + picture(), "polyglot"),
        (tarred(("a.txt", b"x"), ("../up", b"x")), "traversal"),
        (tarred(("link", b""), kind=tarfile.SYMTYPE), "traversal"),
        (tarred(("a.txt", b"x" * 4000))[:2000], "truncated"),
    ],
)
def test_a_dangerous_archive_is_refused(data, word):
    assert looked_at(data, None) == ("fail", word)


def test_an_archive_of_a_kind_that_nobody_reads_is_unknown():
    assert looked_at(b"7z\xbc\xaf\x27\x1c" + bytes(60), None) == ("unknown", "unread")


def test_an_encrypted_entry_is_refused():
    data = bytearray(zipped({"a.txt": b"x" * 50}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    assert looked_at(bytes(data), None) == ("fail", "encrypted")


def test_a_link_in_a_zip_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/hostname")
    assert looked_at(target.getvalue(), None) == ("fail", "traversal")


def test_pages_of_a_pdf_are_counted():
    pytest.importorskip("pikepdf")
    report = measure(pdf(), None)
    assert (report["status"], report["kind"], report["facts"]["pages"]) == ("pass", "pdf", 1)


@pytest.mark.parametrize(
    ("data", "status", "word"),
    [
        (pdf("<< /S /JavaScript /JS (app.alert\\(1\\)) >>"), "fail", "active_content"),
        (pdf("<< /S /Launch /F (calc.exe) >>"), "fail", "active_content"),
        (pdf("<< /Type /Font /FontMatrix [1 2 3 4 5 (0\\); alert\\('x')] >>"), "fail", "active_content"),
        (pdf("<< /S /GoToR /F (other.pdf) >>"), "warn", "external_ref"),
        (pdf("<< /Type /Filespec /EF << /F 1 0 R >> >>"), "warn", "embedded_file"),
        (pdf()[:200], "fail", "truncated"),
        (pdf(tail=zipped({"a.txt": b"x"})), "fail", "polyglot"),
    ],
)
def test_what_acts_in_a_pdf_is_found(data, status, word):
    pytest.importorskip("pikepdf")
    assert looked_at(data, None) == (status, word)
