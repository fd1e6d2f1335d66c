//! The cases. Each starts with a page that script runs in.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::chromium::{Chromium, Program, find};
use crate::servers;
use crate::support::Server;
use crate::support::browser::{Fetch, Outcome, Response};

/// Why a case did not pass.
pub(crate) enum Problem {
    /// What it needs is not on this machine.
    Missing(&'static str),
    Failed(String),
}

impl From<String> for Problem {
    fn from(why: String) -> Self {
        Self::Failed(why)
    }
}

type Verdict = Result<(), Problem>;

pub(crate) const NAMES: [&str; 11] = [
    "fetches are read and blocked as the policies say, and as the model says",
    "cookies are sent and set as the credentials mode and the policy say",
    "a preflight is remembered as long as max_age says",
    "a sandboxed frame is null",
    "a redirect to another origin loses the origin",
    "images with crossorigin are loaded if the origin is allowed",
    "fonts are loaded if the origin is allowed",
    "a worker is as its page",
    "enforce keeps the handler from running",
    "a shared cache serves both origins, because of Vary",
    "the playground shows what its handlers do",
];

/// What the cases have in common.
struct World<'a> {
    browser: &'a Chromium,
    folder: &'a Path,
    api: Server,
    /// The page that the policies allow: on `localhost`.
    app: String,
    /// A page that they do not allow: on `127.0.0.1`.
    stranger: String,
    /// Where the handlers are.
    url: String,
    /// The same handlers on another origin.
    other: String,
    _servers: [Server; 2],
}

pub(crate) async fn run(browser: &Chromium, folder: &Path) -> Vec<(&'static str, Verdict)> {
    let (pages, api, other) = (servers::pages(), servers::api(), servers::api());
    let at = |host: &str, server: &Server| format!("http://{host}:{}", server.addr.port());
    let world = World {
        browser,
        folder,
        app: at("localhost", &pages),
        stranger: at("127.0.0.1", &pages),
        url: at("localhost", &api),
        other: at("localhost", &other),
        api,
        _servers: [pages, other],
    };
    servers::APP.set([&world.app]).expect("an origin");
    servers::BOTH
        .set([&world.app, &world.stranger])
        .expect("loopback origins");
    let results = [
        world.fetches().await,
        world.cookies().await,
        world.preflight_cache().await,
        world.sandbox().await,
        world.redirects().await,
        world.images().await,
        world.fonts().await,
        world.workers().await,
        world.enforce().await,
        world.shared_cache().await,
        world.playground().await,
    ];
    NAMES.into_iter().zip(results).collect()
}

/// The page that script runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    App,
    Stranger,
}
use Page::{App, Stranger};

/// What script gets: `None` if the browser blocks it, else the status and those of `x-total` and `x-secret` that it sees.
type Expected = Option<(u16, &'static [&'static str])>;

/// Page, method, path, headers, credentials mode, and what script gets.
type Case = (
    Page,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    Expected,
);

const FETCHES: &[Case] = &[
    // Anyone, but not with credentials.
    (
        Stranger,
        "GET",
        "/public",
        &[],
        "omit",
        Some((200, &["x-total"])),
    ),
    (
        Stranger,
        "GET",
        "/public",
        &[],
        "same-origin",
        Some((200, &["x-total"])),
    ),
    (Stranger, "GET", "/public", &[], "include", None),
    // One origin, with credentials.
    (App, "GET", "/me", &[], "include", Some((200, &["x-total"]))),
    (App, "GET", "/me", &[], "omit", Some((200, &["x-total"]))),
    (Stranger, "GET", "/me", &[], "include", None),
    (Stranger, "GET", "/me", &[], "omit", None),
    // Another policy for another method of the path.
    (Stranger, "PUT", "/me", &[], "omit", Some((200, &[]))),
    (
        Stranger,
        "PUT",
        "/me",
        &[("Content-Type", "application/json")],
        "omit",
        Some((200, &[])),
    ),
    (Stranger, "PUT", "/me", &[("X-A", "1")], "omit", None),
    (Stranger, "PUT", "/me", &[], "include", None),
    (App, "PUT", "/me", &[], "omit", None),
    (App, "DELETE", "/me", &[], "omit", None),
    // Request headers.
    (
        App,
        "PATCH",
        "/headers",
        &[("X-A", "1"), ("Authorization", "Bearer x")],
        "omit",
        Some((200, &[])),
    ),
    (
        App,
        "PATCH",
        "/headers",
        &[("X-A", "1"), ("X-B", "1")],
        "omit",
        None,
    ),
    (App, "patch", "/headers", &[], "omit", None),
    // Wildcards.
    (
        Stranger,
        "PUT",
        "/wild",
        &[("X-Whatever", "1")],
        "omit",
        Some((200, &["x-secret", "x-total"])),
    ),
    (
        Stranger,
        "PUT",
        "/wild",
        &[("Authorization", "Bearer x")],
        "omit",
        None,
    ),
    (
        Stranger,
        "PUT",
        "/wild",
        &[("X-Whatever", "1")],
        "include",
        None,
    ),
    // Errors can be read, with their status.
    (App, "GET", "/extractor", &[], "omit", Some((400, &[]))),
    (App, "GET", "/teapot", &[], "omit", Some((418, &[]))),
    (Stranger, "GET", "/teapot", &[], "omit", None),
    // What has no policy.
    (App, "GET", "/nowhere", &[], "omit", None),
];

const FETCH: &str = "const [url, init] = args;
    try {
        const res = await fetch(url, init);
        return { status: res.status, body: await res.text(), names: [...res.headers.keys()].sort() };
    } catch {
        return 'blocked';
    }";

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Verdict {
    if found == expected {
        Ok(())
    } else {
        Err(Problem::Failed(format!(
            "{what}: {found:?}, and not {expected:?}"
        )))
    }
}

impl World<'_> {
    fn page(&self, page: Page) -> &str {
        match page {
            App => &self.app,
            Stranger => &self.stranger,
        }
    }

    async fn open(&self, page: Page) -> Result<(), String> {
        self.browser.open(self.page(page)).await
    }

    async fn fetch(&self, url: &str, init: Value) -> Result<Value, String> {
        self.browser.run(FETCH, json!([url, init])).await
    }

    async fn fetches(&self) -> Verdict {
        for case @ (page, method, path, headers, credentials, expected) in FETCHES {
            self.open(*page).await?;
            let names: serde_json::Map<_, _> = headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json!(value)))
                .collect();
            let init = json!({ "method": method, "headers": names, "credentials": credentials });
            let found = self.fetch(&format!("{}{path}", self.url), init).await?;
            let seen = |names: &[String]| -> Vec<String> {
                let ours = names
                    .iter()
                    .filter(|name| ["x-total", "x-secret"].contains(&name.as_str()));
                ours.cloned().collect()
            };
            let browser = names_of(&found);
            let says = browser
                .as_ref()
                .map(|names| (found["status"].as_u64(), seen(names)));
            let should = expected.map(|(status, names)| {
                (
                    Some(u64::from(status)),
                    names.iter().map(ToString::to_string).collect(),
                )
            });
            expect(&format!("{case:?} in the browser"), &says, &should)?;
            let model = Fetch {
                origin: self.page(*page).to_owned(),
                method: (*method).to_owned(),
                unsafe_headers: headers
                    .iter()
                    .map(|(name, _)| name.to_ascii_lowercase())
                    .collect(),
                credentials: *credentials == "include",
            };
            let model = match model.run(|sent| self.send(path, &sent)) {
                Outcome::Blocked => None,
                Outcome::Read(names) => Some(names),
            };
            expect(
                &format!("{case:?}: the model against the browser"),
                &model,
                &browser,
            )?;
        }
        Ok(())
    }

    /// What the model sends goes over a socket of its own.
    fn send(&self, path: &str, (method, headers): &(String, Vec<(String, String)>)) -> Response {
        let lines: Vec<_> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let answer = self.api.send(&format!("{method} {path}"), &lines, "");
        // `Connection` is about this connection, and a browser shows it to nobody.
        let headers = answer
            .headers
            .into_iter()
            .filter(|(name, _)| name != "connection");
        Response {
            status: answer.status,
            headers: headers.collect(),
        }
    }

    async fn cookies(&self) -> Verdict {
        // How the cookie is offered, whether script reads the answer, and who the next request is from.
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
            // Without a preflight, the answer arrives and its cookie is kept; only script does not get it.
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
            for _ in 0..3 {
                let found = self
                    .fetch(&format!("{}{path}", self.url), json!({ "method": "PUT" }))
                    .await?;
                expect(path, &found["status"], &json!(200))?;
            }
            expect(path, &servers::count(&format!("PUT {path}")), &3)?;
            expect(
                path,
                &servers::count(&format!("OPTIONS {path}")),
                &preflights,
            )?;
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
            const answer = new Promise(done => addEventListener('message', event => done(event.data), { once: true }));
            document.body.append(frame);
            return answer;";
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
            const answer = new Promise(done => {
                image.onload = () => done(image.naturalWidth);
                image.onerror = () => done('blocked');
            });
            image.src = args[0];
            return answer;";
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
        crate::font_file().ok_or(Problem::Missing("font"))?;
        let load = "return new FontFace('tested', `url(${args})`).load().then(font => font.status, () => 'blocked');";
        for (page, says) in [(App, "loaded"), (Stranger, "blocked")] {
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
            const answer = new Promise(done => { worker.onmessage = event => done(event.data); });
            worker.postMessage(args);
            return answer;";
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
        // What a form does: no preflight, and the answer does not matter.
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
        let nginx = find("nginx").ok_or(Problem::Missing("nginx"))?;
        let port = TcpListener::bind(("127.0.0.1", 0))
            .and_then(|listener| listener.local_addr())
            .map_err(|error| error.to_string())?
            .port();
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
        let _nginx = Command::new(nginx)
            .arg("-c")
            .arg(&file)
            .args(["-e", &format!("{folder}/error.log")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Program)
            .map_err(|error| error.to_string())?;
        let mut tries = 0;
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            tries += 1;
            if tries == 200 {
                return Err(Problem::Failed("nginx does not listen".to_owned()));
            }
            actix_web::rt::time::sleep(Duration::from_millis(50)).await;
        }
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

    async fn playground(&self) -> Verdict {
        // Cargo builds the examples with the tests, into a folder beside them.
        let mut program = std::env::current_exe().map_err(|error| error.to_string())?;
        program.pop();
        program.pop();
        program.push("examples/playground");
        let mut program = Command::new(&program)
            .arg("0")
            .stdout(Stdio::piped())
            .spawn()
            .map(Program)
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let mut says = String::new();
        let output = program.0.stdout.take().ok_or("no output".to_owned())?;
        BufReader::new(output)
            .read_line(&mut says)
            .map_err(|error| error.to_string())?;
        let url = says
            .split(' ')
            .find(|word| word.starts_with("http://"))
            .unwrap_or_default();
        self.browser.open(url).await?;
        self.browser
            .wait_for("return document.body.dataset.ready === 'true'")
            .await?;

        let verdicts = "return Object.fromEntries([...document.querySelectorAll('.card')].map(card =>
            [card.id, [...card.querySelectorAll('.verdict')].map(verdict => verdict.classList.contains('yes'))]))";
        let found = self.browser.run(verdicts, Value::Null).await?;
        // The app without and with cookies, then the stranger.
        let says = json!({
            "handler-weather": [true, false, true, false],
            "handler-profile": [true, true, false, false],
            "handler-rename": [true, false, false, false],
            "handler-transfer": [true, true, false, false],
            "handler-echo": [true, true, true, true],
        });
        expect("the handlers", &found, &says)?;

        let choose = "const card = document.getElementById('handler-transfer');
            card.querySelectorAll('.verdict')[3].click();
            return card.querySelector('.why').textContent + ' ' + card.querySelector('.exchange').textContent;";
        let found = self.browser.run(choose, Value::Null).await?;
        let found = found.as_str().unwrap_or_default();
        for part in [
            "Refused before the handler ran: the policy does not allow this origin.",
            "POST /transfer",
            "403",
            "vary: Origin",
        ] {
            expect(
                &format!("{part:?} in {found}"),
                &found.contains(part),
                &true,
            )?;
        }

        let ask =
            "for (const button of document.querySelectorAll('.question button')) button.click();";
        self.browser.run(ask, Value::Null).await?;
        self.browser
            .wait_for("return [...document.querySelectorAll('.question')].every(question => question.dataset.done)")
            .await?;
        let steps = "return Object.fromEntries([...document.querySelectorAll('.question')].map(question =>
            [question.id, [...question.querySelectorAll('.verdict')].map(verdict => verdict.textContent)]))";
        let found = self.browser.run(steps, Value::Null).await?;
        let read = |body: &str| format!("✓ read: 200 “{body}”");
        let (blocked, news, ada, nobody) = (
            "✕ blocked".to_owned(),
            read("news"),
            read("profile of Ada"),
            read("profile of nobody"),
        );
        let says = json!({
            "credentials": [read("welcome, Ada"), nobody, ada, blocked],
            "set-cookie": [read("bye"), read("welcome, Ada"), nobody, blocked, nobody, read("welcome, Ada"), ada],
            "echo": [read("welcome, Ada"), blocked, read("private data of Ada")],
            "vary": [news, news, news, blocked],
            "preflight": [read("renamed to Ada"), blocked, blocked, blocked],
        });
        expect("the questions", &found, &says)?;

        // What stands beside each question is what the compiler says; nothing was written by hand.
        let messages = "return [...document.querySelectorAll('figure pre')].map(message => message.textContent.includes('= rule: '))";
        let found = self.browser.run(messages, Value::Null).await?;
        expect(
            "the messages",
            &found,
            &json!([true, true, true, true, true]),
        )?;
        // A phone, and nothing to scroll sideways.
        self.browser.resize(390, 844).await?;
        let fits = "return document.documentElement.scrollWidth <= innerWidth";
        let found = self.browser.run(fits, Value::Null).await?;
        expect("on a narrow screen", &found, &json!(true))
    }
}

/// The headers that script sees; `None` if it was blocked.
fn names_of(found: &Value) -> Option<Vec<String>> {
    let names = found["names"].as_array()?;
    Some(
        names
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
    )
}
