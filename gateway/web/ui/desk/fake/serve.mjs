// Serves the built desk with sample data in memory: `npm run build:desk && node desk/fake/serve.mjs [port]`.
// Sign in as anyone with the password "sample". Same Content-Security-Policy as the gateway's.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { runnerImport } from "vite";

const { module } = await runnerImport(new URL("./fake-desk.ts", import.meta.url).pathname);
const desk = new module.FakeDesk();
const built = new URL("../../../static/desk/", import.meta.url);
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
  "frame-src 'self'; require-trusted-types-for 'script'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

function streamEvents(request, response, url) {
  if (!desk.isSignedIn) return response.writeHead(401).end();
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const send = (event) => response.write(`id: ${event.id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event.data)}\n\n`);
  const since = request.headers["last-event-id"] ?? url.searchParams.get("since");
  response.write(": hello\n\n");
  if (since) desk.heard.filter((event) => event.id > Number(since)).forEach(send);
  desk.listeners.add(send);
  request.on("close", () => desk.listeners.delete(send));
}

async function callApi(request, response, url) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = parts.length ? Buffer.concat(parts) : undefined;
  const answer = await desk.handle(new Request(url, { method: request.method, headers: request.headers, body }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
}

// What a test or a curious developer makes happen: POST /fake/says {"number", "text", "who"?}, POST /fake/types {"number"}, POST /fake/fail {"status"}.
async function pullStrings(request, response, url) {
  let text = "";
  for await (const part of request) text += part;
  const said = JSON.parse(text || "{}");
  if (url.pathname === "/fake/says" && said.who === "colleague") desk.colleagueSays(said.number, said.text);
  else if (url.pathname === "/fake/says") desk.customerSays(said.number, said.text);
  else if (url.pathname === "/fake/types") desk.customerTypes(said.number);
  else if (url.pathname === "/fake/fail") desk.failNext = said.status;
  response.writeHead(204).end();
}

async function sendFile(response, path) {
  const file = await readFile(new URL(path, built)).catch(() => null);
  if (!file) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", "content-security-policy": CSP }).end(file);
}

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (url.pathname === "/api/v1/events") streamEvents(request, response, url);
  else if (url.pathname.startsWith("/api/v1/attachments/")) response.writeHead(200, { "content-type": "image/png" }).end(PICTURE);
  else if (url.pathname.startsWith("/api/v1/")) void callApi(request, response, url);
  else if (url.pathname.startsWith("/fake/")) void pullStrings(request, response, url);
  else if (url.pathname.startsWith("/desk/assets/")) void sendFile(response, url.pathname.slice("/desk/".length));
  else if (url.pathname.startsWith("/desk")) void sendFile(response, "index.html");
  else response.writeHead(302, { location: "/desk" }).end();
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${server.address().port}/desk\n`));
