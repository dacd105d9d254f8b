"""A page with a form and a progress bar, and a proxy to the job API of the broker."""

import base64
import os
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BROKER = os.environ.get("BROKER", "http://127.0.0.1:15672")
USER = os.environ.get("BROKER_USER", "guest:guest")
PORT = int(os.environ.get("PORT", "8080"))
AUTHORIZATION = "Basic " + base64.b64encode(USER.encode()).decode()

PAGE = """<!doctype html>
<title>Thumbnails</title>
<form id="form"><input id="file" value="photo.png"> <button>Make a thumbnail</button></form>
<ul id="jobs"></ul>
<script>
let key = crypto.randomUUID();
form.onsubmit = async event => {
  event.preventDefault();
  const response = await fetch("/jobs", {method: "POST",
    headers: {"Idempotency-Key": key}, body: JSON.stringify({file: file.value})});
  const job = await response.json();
  if (!response.ok) { alert(job.detail); return; }
  key = crypto.randomUUID();
  const item = document.createElement("li");
  const bar = document.createElement("progress");
  const text = document.createElement("span");
  const cancel = document.createElement("button");
  bar.max = 100;
  cancel.textContent = "Cancel";
  cancel.onclick = () => fetch("/jobs/" + job.id, {method: "DELETE"});
  item.append(bar, " ", text, " ", cancel);
  jobs.append(item);
  const events = new EventSource("/jobs/" + job.id + "/events");
  events.addEventListener("job", message => {
    const now = JSON.parse(message.data);
    bar.value = now.state === "succeeded" ? 100 : now.progress ?? 0;
    text.textContent = [now.state, now.note, now.reason,
      now.result && now.result.thumbnail].filter(part => part).join(": ");
    if (["succeeded", "dead", "cancelled"].includes(now.state)) {
      events.close();
      cancel.remove();
    }
  });
};
</script>
"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def do_GET(self):
        if self.path == "/":
            self.answer(200, "text/html", PAGE.encode())
        elif self.path.startswith("/jobs/"):
            self.forward("GET", self.path)
        else:
            self.answer(404, "text/plain", b"not found")

    def do_POST(self):
        if self.path != "/jobs":
            self.answer(404, "text/plain", b"not found")
            return
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.forward("POST", "/jobs/thumbnails?attempts=3&timeout=1m", body,
                     {"idempotency-key": self.headers.get("idempotency-key", "")})

    def do_DELETE(self):
        self.forward("DELETE", self.path)

    def forward(self, method, path, body=None, more=None):
        headers = {"authorization": AUTHORIZATION, "content-type": "application/json"}
        headers.update(more or {})
        request = urllib.request.Request(BROKER + path, data=body, method=method, headers=headers)
        try:
            response = urllib.request.urlopen(request, timeout=120)
        except urllib.error.HTTPError as problem:
            response = problem
        with response:
            self.send_response(response.status)
            self.send_header("content-type", response.headers["content-type"])
            self.end_headers()
            # Events are passed on as they come.
            while chunk := response.read1(65536):
                self.wfile.write(chunk)
                self.wfile.flush()

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    print("http://127.0.0.1:%d" % PORT)
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
