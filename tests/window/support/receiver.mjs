// A receiver that nobody here wrote: nginx, with a password and a header check.

import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./app.mjs";

const NGINX = ["/usr/sbin/nginx", "/usr/bin/nginx"].find((path) => existsSync(path)) ?? "nginx";

function freePort() {
  return new Promise((found, failed) => {
    const server = createServer();
    server.on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

/**
 * Starts nginx. It answers 204 to a POST with this user, password and header, 401 without the first two and 418 without the last;
 * `seen` gives a line for each request: status, method, kind of content.
 */
export async function receiver(ground, { user, password, header, value }) {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), "gatehouse-nginx-"));
  ground.defer(() => rmSync(dir, { recursive: true, force: true }));
  // nginx' workers may be another user.
  chmodSync(dir, 0o755);
  // In plain text nginx takes it up to a ':'.
  writeFileSync(join(dir, "users"), `${user}:{PLAIN}${password}\n`);
  const variable = `$http_${header.toLowerCase().replaceAll("-", "_")}`;
  writeFileSync(
    join(dir, "nginx.conf"),
    `daemon off; pid ${dir}/pid; error_log ${dir}/error.log; worker_processes 1;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/fastcgi; uwsgi_temp_path ${dir}/uwsgi; scgi_temp_path ${dir}/scgi;
  log_format told '$status $request_method $content_type';
  map ${variable} $known { default 0; "${value}" 1; }
  server {
    listen 127.0.0.1:${port};
    access_log ${dir}/seen told;
    location / {
      auth_basic "webhooks"; auth_basic_user_file ${dir}/users;
      # Not "return": that would come before the password is asked for.
      try_files /never @checked;
    }
    location @checked {
      if ($known = 0) { return 418; }
      return 204;
    }
  }
}
`,
  );
  const child = spawn(NGINX, ["-p", dir, "-c", join(dir, "nginx.conf")], { stdio: ["ignore", "ignore", "inherit"] });
  ground.defer(
    () =>
      new Promise((done) => {
        if (child.exitCode !== null || child.signalCode !== null) return done();
        child.once("exit", done);
        child.kill("SIGTERM");
      }),
  );
  const url = `http://127.0.0.1:${port}/hook`;
  await eventually("nginx", async () => (await fetch(url, { method: "POST" })).status === 401);
  const file = join(dir, "seen");
  const lines = () => (existsSync(file) ? readFileSync(file, "utf8").split("\n").filter((line) => line !== "") : []);
  await eventually("the first line of nginx", () => lines().length > 0);
  let read = lines().length;
  return {
    url,
    /** The lines of the requests since the last time, once there are `count`. */
    async seen(count) {
      await eventually(`${count} deliveries`, () => lines().length >= read + count);
      const fresh = lines().slice(read);
      read += fresh.length;
      return fresh;
    },
    /** How many requests there were since the last time. */
    waiting: () => lines().length - read,
  };
}
