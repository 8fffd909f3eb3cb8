"""A proxy before a local Hub that lets a test stand between a request and its answer."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

Forward = Callable[[], httpx.Response]
Watcher = Callable[[str, str, Forward], httpx.Response | None]
"""Gets the method, the path and a way to ask the Hub; None lets the request through."""

OWN = ("connection", "content-encoding", "content-length", "date", "server", "transfer-encoding")
"""Headers of an answer that are the proxy's to say."""

PASSED_ON = ("authorization", "content-type", "accept")


@contextmanager
def proxy(hub: str, watcher: Watcher) -> Iterator[str]:
    """The address to use instead of the Hub's. The store of its buckets is reached directly."""

    def own() -> bytes:
        return f"http://127.0.0.1:{server.server_address[1]}".encode()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Tests are quiet."""

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() in PASSED_ON}

            def forward() -> httpx.Response:
                return httpx.request(self.command, hub + self.path, content=body, headers=headers, timeout=60)

            answer = watcher(self.command, self.path, forward) or forward()
            content = answer.content if "/xet-" in self.path else answer.content.replace(hub.encode(), own())
            try:
                self.send_response(answer.status_code)
                for name, value in answer.headers.items():
                    if name not in OWN:
                        self.send_header(name, value)
                length = answer.headers.get("content-length") if self.command == "HEAD" else None
                self.send_header("content-length", length or str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)
            except OSError:
                pass  # Whoever asked is dead.

    for method in ("POST", "PUT", "DELETE", "HEAD"):
        setattr(Handler, f"do_{method}", Handler.do_GET)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield own().decode()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
