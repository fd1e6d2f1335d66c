//! The cases that every engine passes. Each starts with a page that script runs in.

use std::process::Command;

use serde_json::{Value, json};

use crate::engine::Engine;
use crate::program::{Program, find, free_port, wait_for_port};
use crate::servers;
use crate::world::{Case, Need, Since, Verdict, World, expect};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "fetches are read and blocked as the policies say, and as the model says",
        needs: &[],
        run: |world| Box::pin(world.fetches()),
    },
    Case {
        name: "cookies are sent and set as the credentials mode and the policy say",
        needs: &[],
        run: |world| Box::pin(world.cookies()),
    },
    Case {
        name: "a preflight is remembered as long as max_age says",
        needs: &[],
        run: |world| Box::pin(world.preflight_cache()),
    },
    Case {
        name: "a sandboxed frame is null",
        needs: &[],
        run: |world| Box::pin(world.sandbox()),
    },
    Case {
        name: "a redirect to another origin loses the origin",
        needs: &[],
        run: |world| Box::pin(world.redirects()),
    },
    Case {
        name: "images with crossorigin are loaded if the origin is allowed",
        needs: &[],
        run: |world| Box::pin(world.images()),
    },
    Case {
        name: "fonts are loaded if the origin is allowed",
        needs: &[Need::Font],
        run: |world| Box::pin(world.fonts()),
    },
    Case {
        name: "a worker is as its page",
        needs: &[],
        run: |world| Box::pin(world.workers()),
    },
    Case {
        name: "enforce keeps the handler from running",
        needs: &[],
        run: |world| Box::pin(world.enforce()),
    },
    Case {
        name: "a shared cache serves both origins, because of Vary",
        needs: &[Need::Nginx],
        run: |world| Box::pin(world.shared_cache()),
    },
];

/// The page that script runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    App,
    Stranger,
}
use Page::{App, Stranger};

pub(crate) const FETCH: &str = "const [url, init] = args;
    try {
        const res = await fetch(url, init);
        return { status: res.status, body: await res.text(), names: [...res.headers.keys()].sort() };
    } catch {
        return 'blocked';
    }";

impl World<'_> {
    pub(crate) fn page(&self, page: Page) -> &str {
        match page {
            App => &self.app,
            Stranger => &self.stranger,
        }
    }

    pub(crate) async fn open(&self, page: Page) -> Result<(), String> {
        self.browser.open(self.page(page)).await
    }

    pub(crate) async fn fetch(&self, url: &str, init: Value) -> Result<Value, String> {
        self.browser.run(FETCH, json!([url, init])).await
    }

    async fn cookies(&self) -> Verdict {
        // How the cookie is offered, whether script reads the response, and who the next request is
        // from.
        for (method, path, credentials, read, user) in [
            ("POST", "/sign-in", "include", true, "ada"),
            ("POST", "/sign-in", "omit", true, "nobody"),
            ("POST", "/sign-in", "same-origin", true, "nobody"),
            (
                "POST",
                "/sign-in-without-credentials",
                "omit",
                true,
                "nobody",
            ),
            // Without a preflight, the response arrives and its cookie is kept; only script does
            // not get it.
            (
                "POST",
                "/sign-in-without-credentials",
                "include",
                false,
                "bob",
            ),
            // The preflight says that credentials are not allowed, so the request is never sent.
            (
                "PUT",
                "/sign-in-without-credentials",
                "include",
                false,
                "nobody",
            ),
        ] {
            self.open(App).await?;
            self.browser.forget_cookies().await?;
            let what = format!("{method} {path} {credentials}");
            let found = self
                .fetch(
                    &format!("{}{path}", self.url),
                    json!({ "method": method, "credentials": credentials }),
                )
                .await?;
            expect(&what, &names_of(&found).is_some(), &read)?;
            let me = format!("{}/me", self.url);
            let found = self.fetch(&me, json!({ "credentials": "include" })).await?;
            expect(
                &format!("{what}, then with cookies"),
                &found["body"],
                &json!(user),
            )?;
            let found = self.fetch(&me, json!({ "credentials": "omit" })).await?;
            expect(
                &format!("{what}, then without"),
                &found["body"],
                &json!("nobody"),
            )?;
        }
        Ok(())
    }

    async fn preflight_cache(&self) -> Verdict {
        self.open(App).await?;
        for (path, preflights) in [("/remembered", 1), ("/forgotten", 3)] {
            let (put, options) = (format!("PUT {path}"), format!("OPTIONS {path}"));
            let since = Since::now([&put, &options]);
            for _ in 0..3 {
                let found = self
                    .fetch(&format!("{}{path}", self.url), json!({ "method": "PUT" }))
                    .await?;
                expect(path, &found["status"], &json!(200))?;
            }
            let expected = vec![(put.as_str(), 3), (options.as_str(), preflights)];
            expect(path, &since.counts(), &expected)?;
        }
        Ok(())
    }

    async fn sandbox(&self) -> Verdict {
        self.open(App).await?;
        let from_frame = "const frame = document.createElement('iframe');
            frame.sandbox = 'allow-scripts';
            frame.srcdoc = `<script>
                fetch(${JSON.stringify(args)}).then(res => res.text(), () => 'blocked')
                    .then(text => parent.postMessage([origin, text], '*'));
            </` + `script>`;
            const response = new Promise(done => addEventListener('message', event => done(event.data), { once: true }));
            document.body.append(frame);
            return response;";
        for (path, says) in [
            ("/null", "null"),
            ("/teapot", "blocked"),
            ("/public", "public"),
        ] {
            let found = self
                .browser
                .run(from_frame, json!(format!("{}{path}", self.url)))
                .await?;
            expect(path, &found, &json!(["null", says]))?;
        }
        Ok(())
    }

    async fn redirects(&self) -> Verdict {
        self.open(App).await?;
        for (to, body) in [
            (format!("{}/me", self.url), Some("nobody")),
            (format!("{}/public", self.other), Some("public")),
            // After a redirect from one foreign origin to another, the browser says `null`.
            (format!("{}/me", self.other), None),
            (format!("{}/null", self.other), Some("null")),
        ] {
            let found = self
                .fetch(&format!("{}/redirect?to={to}", self.url), json!({}))
                .await?;
            expect(&to, &found["body"].as_str(), &body)?;
        }
        Ok(())
    }

    async fn images(&self) -> Verdict {
        let load = "const image = new Image();
            if (args[1]) image.crossOrigin = args[1];
            const response = new Promise(done => {
                image.onload = () => done(image.naturalWidth);
                image.onerror = () => done('blocked');
            });
            image.src = args[0];
            return response;";
        for (page, crossorigin, says) in [
            (App, Some("anonymous"), json!(3)),
            (Stranger, Some("anonymous"), json!("blocked")),
            (App, Some("use-credentials"), json!("blocked")),
            // Without the attribute, nobody asks, and script cannot read the pixels.
            (Stranger, None, json!(3)),
        ] {
            self.open(page).await?;
            let found = self
                .browser
                .run(load, json!([format!("{}/image", self.url), crossorigin]))
                .await?;
            expect(&format!("{page:?} {crossorigin:?}"), &found, &says)?;
        }
        Ok(())
    }

    async fn fonts(&self) -> Verdict {
        let load = "return new FontFace('tested', `url(${args})`).load().then(font => font.status, () => 'blocked');";
        // WebKitGTK loads fonts without asking, which Fetch does not allow.
        let stranger = match self.browser.engine {
            Engine::WebKit => "loaded",
            Engine::Chromium | Engine::Firefox => "blocked",
        };
        for (page, says) in [(App, "loaded"), (Stranger, stranger)] {
            self.open(page).await?;
            let found = self
                .browser
                .run(load, json!(format!("{}/font", self.url)))
                .await?;
            expect(&format!("{page:?}"), &found, &json!(says))?;
        }
        Ok(())
    }

    async fn workers(&self) -> Verdict {
        let ask = "const worker = new Worker('/worker.js');
            const response = new Promise(done => { worker.onmessage = event => done(event.data); });
            worker.postMessage(args);
            return response;";
        for (page, says) in [(App, json!([200, "nobody"])), (Stranger, json!("blocked"))] {
            self.open(page).await?;
            self.browser.forget_cookies().await?;
            let args = json!([format!("{}/me", self.url), { "credentials": "include" }]);
            let found = self.browser.run(ask, args).await?;
            expect(&format!("{page:?}"), &found, &says)?;
        }
        Ok(())
    }

    async fn enforce(&self) -> Verdict {
        let url = format!("{}/enforced", self.url);
        // As a form does: no preflight, and the response does not matter.
        let forged = json!({ "method": "POST", "mode": "no-cors", "credentials": "include" });
        for (page, runs) in [
            (&self.stranger, 0),
            (&self.app, 1),
            (&self.url, 1),
            (&self.other, 0),
        ] {
            self.browser.open(page).await?;
            let before = servers::count("enforced ran");
            let asked = servers::count("POST /enforced");
            self.fetch(&url, forged.clone()).await?;
            expect(page, &(servers::count("POST /enforced") - asked), &1)?;
            expect(page, &(servers::count("enforced ran") - before), &runs)?;
        }
        Ok(())
    }

    async fn shared_cache(&self) -> Verdict {
        let nginx = find("nginx").ok_or("no nginx on this machine")?;
        let port = free_port()?;
        let folder = self.folder.join("nginx");
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let (folder, api) = (folder.display(), self.api.addr);
        let configuration = format!(
            "daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
             events {{}}
             http {{
                 access_log off;
                 client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
                 uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                 proxy_cache_path {folder}/cache keys_zone=shared:1m;
                 add_header X-Cache $upstream_cache_status;
                 proxy_cache shared;
                 server {{
                     listen 127.0.0.1:{port};
                     location /cached {{ proxy_pass http://{api}; }}
                     location /ignoring/ {{ proxy_cache_key ignoring; proxy_ignore_headers Vary; proxy_pass http://{api}/; }}
                 }}
             }}"
        );
        let file = self.folder.join("nginx.conf");
        std::fs::write(&file, configuration).map_err(|error| error.to_string())?;
        let _nginx = Program::start(
            Command::new(nginx)
                .arg("-c")
                .arg(&file)
                .args(["-e", &format!("{folder}/error.log")]),
        )?;
        wait_for_port(port).await?;
        // The browser's own cache is not in question.
        let ask = "try {
                const res = await fetch(args, { cache: 'no-store' });
                return [await res.text(), res.headers.get('x-cache')];
            } catch {
                return 'blocked';
            }";
        for (page, path, says) in [
            (App, "/cached", json!(["cached", "MISS"])),
            (App, "/cached", json!(["cached", "HIT"])),
            (Stranger, "/cached", json!(["cached", "MISS"])),
            (Stranger, "/cached", json!(["cached", "HIT"])),
            (App, "/cached", json!(["cached", "HIT"])),
            // A cache that does not heed it serves one origin what it has stored for the other.
            (App, "/ignoring/cached", json!(["cached", "MISS"])),
            (Stranger, "/ignoring/cached", json!("blocked")),
        ] {
            self.open(page).await?;
            let found = self
                .browser
                .run(ask, json!(format!("http://localhost:{port}{path}")))
                .await?;
            expect(&format!("{page:?} {path}"), &found, &says)?;
        }
        Ok(())
    }
}

/// The headers that script sees; `None` if it was blocked.
pub(crate) fn names_of(found: &Value) -> Option<Vec<String>> {
    let names = found["names"].as_array()?;
    Some(
        names
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
    )
}
