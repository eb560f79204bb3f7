// Test-only: evaluates a function in the extension host. Does nothing unless E2E_DRIVER_FILE is set in the server's
// environment; listens on the loopback address only, and answers only who knows the token in that file.
const vscode = require('vscode');
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');

exports.activate = (context) => {
  const file = process.env.E2E_DRIVER_FILE;
  if (!file) return;
  const token = crypto.randomBytes(16).toString('hex');
  const server = http.createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(403).end();
      return;
    }
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', async () => {
      try {
        const { source, args } = JSON.parse(body);
        const result = await (0, eval)(`(${source})`)(vscode, ...args);
        response.end(JSON.stringify({ result: result ?? null }));
      } catch (error) {
        response.end(JSON.stringify({ error: String(error.stack ?? error) }));
      }
    });
  });
  server.listen(0, '127.0.0.1', () => {
    fs.writeFileSync(`${file}.tmp`, JSON.stringify({ port: server.address().port, token }));
    fs.renameSync(`${file}.tmp`, file);
  });
  context.subscriptions.push({ dispose: () => server.close() });
};
