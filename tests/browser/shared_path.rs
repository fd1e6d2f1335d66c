//! A browser remembers which headers a preflight of a URL allowed, but not for which method. So a
//! preflight that one handler answered lets requests through to another handler on the same path.
//! <https://fetch.spec.whatwg.org/#concept-cache-match-header>

use actix_web::{HttpRequest, Responder, get, post, put, web};
use cors_runtime::cors;
use cors_runtime::decision::{Decision, Field, Request, decide};
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::probes::{PING, UNASKED};
use crate::recorder::{Record, fresh_id, records};
use crate::servers::{APP, STRANGER, add};
use crate::world::{Case, Since, Verdict, World, expect};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a handler without a policy runs after a preflight that its sibling answered",
        needs: &[],
        run: |world| Box::pin(world.bare()),
    },
    Case {
        name: "handlers on one path run for the pages that they allow",
        needs: &[],
        run: |world| Box::pin(world.allowed()),
    },
    Case {
        name: "no handler runs after a preflight that its own policy would have refused",
        needs: &[],
        run: |world| Box::pin(world.attack()),
    },
    Case {
        name: "no handler without credentials runs for cookies that its sibling's preflight let through",
        needs: &[],
        run: |world| Box::pin(world.cookies_let_through()),
    },
    Case {
        name: "a header or a method named `*` is never granted",
        needs: &[],
        run: |world| Box::pin(world.wildcards()),
    },
    Case {
        name: "a handler runs for the types that browsers send without a preflight",
        needs: &[],
        run: |world| Box::pin(world.types()),
    },
    Case {
        name: "a handler runs for what browsers send without a preflight",
        needs: &[],
        run: |world| Box::pin(world.unasked()),
    },
    Case {
        name: "a handler does not run for JSON that WebKit sends without a preflight",
        needs: &[],
        run: |world| Box::pin(world.blob()),
    },
];

/// Counts that a handler ran, and for whom.
fn ran(what: &str, req: &HttpRequest) -> impl Responder + use<> {
    let cookie = req.cookie("user");
    let user = cookie.as_ref().map_or("nobody", |cookie| cookie.value());
    add(format!("{what} ran for {user}"));
    "ran"
}

#[cors(origins = [APP], credentials, allow_headers = ["content-type"], max_age = 60)]
#[get("/shared/bare")]
async fn read_bare(req: HttpRequest) -> impl Responder {
    ran("GET /shared/bare", &req)
}

/// Without a policy: nothing can protect it.
#[post("/shared/bare")]
async fn write_bare(req: HttpRequest) -> impl Responder {
    ran("POST /shared/bare", &req)
}

#[cors(origins = [APP], credentials, allow_headers = ["content-type"])]
#[get("/shared/ageless")]
async fn read_ageless(req: HttpRequest) -> impl Responder {
    ran("GET /shared/ageless", &req)
}

#[post("/shared/ageless")]
async fn write_ageless(req: HttpRequest) -> impl Responder {
    ran("POST /shared/ageless", &req)
}

#[cors(origins = [APP], credentials, allow_headers = ["content-type"], max_age = 60)]
#[get("/shared/write")]
async fn read(req: HttpRequest) -> impl Responder {
    ran("GET /shared/write", &req)
}

#[cors(origins = [STRANGER], credentials, allow_headers = ["content-type"], max_age = 60)]
#[post("/shared/write")]
async fn guarded_write(req: HttpRequest) -> impl Responder {
    ran("POST /shared/write", &req)
}

#[cors(origins = [APP], credentials, allow_headers = ["content-type"], max_age = 60)]
#[post("/shared/read")]
async fn write(req: HttpRequest) -> impl Responder {
    ran("POST /shared/read", &req)
}

#[cors(origins = [STRANGER], credentials, allow_headers = ["content-type"], max_age = 60)]
#[get("/shared/read")]
async fn guarded_read(req: HttpRequest) -> impl Responder {
    ran("GET /shared/read", &req)
}

#[cors(origins = [APP], credentials, allow_headers = ["content-type"], max_age = 60)]
#[put("/shared/cookies")]
async fn with_credentials(req: HttpRequest) -> impl Responder {
    ran("PUT /shared/cookies", &req)
}

#[cors(origins = ["*"], allow_headers = ["content-type"], max_age = 60)]
#[post("/shared/cookies")]
async fn without_credentials(req: HttpRequest) -> impl Responder {
    ran("POST /shared/cookies", &req)
}

#[cors(origins = [APP], allow_headers = ["*"], max_age = 60)]
#[put("/shared/wildcard/{number}")]
async fn any_header(req: HttpRequest) -> impl Responder {
    ran("PUT /shared/wildcard", &req)
}

/// Allows none of the pages.
#[cors(origins = ["https://elsewhere.example"], credentials)]
#[post("/shared/unasked/{what}")]
async fn unasked(what: web::Path<String>) -> impl Responder {
    add(format!("unasked {what}"));
    "ran"
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(read_bare)
        .service(write_bare)
        .service(read_ageless)
        .service(write_ageless)
        .service(read)
        .service(guarded_write)
        .service(write)
        .service(guarded_read)
        .service(with_credentials)
        .service(without_credentials)
        .service(any_header)
        .service(unasked);
}

/// A request that arrived at a recorder.
struct Arrived<'a>(&'a Record);

impl Request for Arrived<'_> {
    fn method(&self) -> &str {
        &self.0.method
    }

    fn path(&self) -> &'static str {
        "/"
    }
    fn authority(&self) -> Option<&str> {
        None
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        self.0.header(field.name()).map(str::as_bytes).into_iter()
    }
}

/// Sends JSON with cookies. A GET has no body, but its `Content-Type` says so.
const SEND: &str = "const [url, method] = args;
    const init = { method, credentials: 'include', headers: { 'content-type': 'application/json' } };
    if (method === 'POST') init.body = '{}';
    return fetch(url, init).then(res => res.status, () => 'blocked');";

impl World<'_> {
    /// Signs in on the page that the policies of `APP` allow.
    async fn sign_in(&self) -> Verdict {
        self.browser.open(&self.app).await?;
        self.browser.forget_cookies().await?;
        let script =
            "return (await fetch(args, { method: 'POST', credentials: 'include' })).status";
        let url = json!(format!("{}/sign-in", self.url));
        let found = self.browser.run(script, url).await?;
        expect("signing in", &found, &json!(200))
    }

    async fn send_json(&self, method: &str, path: &str) -> Result<Value, String> {
        let url = format!("{}{path}", self.url);
        self.browser.run(SEND, json!([url, method])).await
    }

    async fn bare(&self) -> Verdict {
        // Without `Access-Control-Max-Age`, a preflight is remembered for 5 s.
        for path in ["/shared/bare", "/shared/ageless"] {
            self.sign_in().await?;
            let (asked, reads, writes) = (
                format!("OPTIONS {path}"),
                format!("GET {path} ran for ada"),
                format!("POST {path} ran for ada"),
            );
            let since = Since::now([&asked, &reads, &writes]);
            let found = self.send_json("GET", path).await?;
            expect("its sibling", &found, &json!(200))?;
            let found = self.send_json("POST", path).await?;
            expect("what script gets", &found, &json!("blocked"))?;
            let expected = vec![(&*asked, 1), (&*reads, 1), (&*writes, 1)];
            expect(path, &since.counts(), &expected)?;
        }
        Ok(())
    }

    async fn allowed(&self) -> Verdict {
        self.sign_in().await?;
        for (method, path, page) in [
            ("GET", "/shared/write", &self.app),
            ("POST", "/shared/read", &self.app),
            ("POST", "/shared/write", &self.stranger),
            ("GET", "/shared/read", &self.stranger),
        ] {
            self.browser.open(page).await?;
            let found = self.send_json(method, path).await?;
            expect(&format!("{method} {path}"), &found, &json!(200))?;
        }
        Ok(())
    }

    async fn attack(&self) -> Verdict {
        let mut wrong = Vec::new();
        for (path, allowed, guarded) in [
            ("/shared/write", "GET", "POST"),
            ("/shared/read", "POST", "GET"),
        ] {
            self.sign_in().await?;
            let runs = format!("{guarded} {path} ran for ada");
            let arrives = format!("{guarded} {path}");
            let since = Since::now([&runs, &arrives]);
            let found = self.send_json(allowed, path).await?;
            expect(&format!("{allowed} {path}"), &found, &json!(200))?;
            let found = self.send_json(guarded, path).await?;
            expect(&format!("{guarded} {path}"), &found, &json!("blocked"))?;
            // The browser does not ask again, so the request arrives.
            let expected = vec![(&*runs, 0), (&*arrives, 1)];
            if let Err(why) = expect(path, &since.counts(), &expected) {
                wrong.push(why);
            }
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(wrong.join("; "))
        }
    }

    async fn cookies_let_through(&self) -> Verdict {
        self.sign_in().await?;
        let path = "/shared/cookies";
        let (asked, runs, arrives) = (
            format!("OPTIONS {path}"),
            format!("POST {path} ran for ada"),
            format!("POST {path}"),
        );
        let since = Since::now([&asked, &runs, &arrives]);
        let found = self.send_json("PUT", path).await?;
        expect("its sibling", &found, &json!(200))?;
        let found = self.send_json("POST", path).await?;
        expect("what script gets", &found, &json!("blocked"))?;
        // The browser asked once, for the sibling.
        let expected = vec![(&*asked, 1), (&*runs, 0), (&*arrives, 1)];
        expect(path, &since.counts(), &expected)
    }

    /// Were it granted, WebKit would keep it as the wildcard, and send `authorization` unasked.
    async fn wildcards(&self) -> Verdict {
        const SEND: &str = "const [url, method, headers] = args;
            return fetch(url, { method, headers }).then(res => res.status, () => 'blocked');";
        self.browser.open(&self.app).await?;
        let mut wrong = Vec::new();
        // An explanation grants nothing.
        for (number, explains) in [false, true].into_iter().enumerate() {
            cors_runtime::explain(explains);
            let path = format!("/shared/wildcard/{number}");
            let url = format!("{}{path}", self.url);
            for (method, headers, says) in [
                ("PUT", json!({ "*": "1" }), json!("blocked")),
                ("PUT", json!({ "authorization": "x" }), json!("blocked")),
                ("PUT", json!({ "*": "1", "x-a": "1" }), json!("blocked")),
                ("PUT", json!({ "authorization": "x" }), json!("blocked")),
                ("*", json!({}), json!("blocked")),
                ("PUT", json!({ "x-a": "1" }), json!(200)),
            ] {
                let arrives = format!("{method} {path}");
                let since = Since::now([&arrives]);
                let found = self.browser.run(SEND, json!([url, method, headers])).await;
                let found = found.unwrap_or_else(Value::from);
                let count = usize::from(says == json!(200));
                let found = (found, since.counts());
                let expected = (says, vec![(&*arrives, count)]);
                let what = format!("{method} {headers}, explained: {explains}");
                wrong.extend(expect(&what, &found, &expected).err());
            }
        }
        cors_runtime::explain(false);
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(wrong.join("; "))
        }
    }

    /// If the browser asks for a type in a preflight, no handler runs for it that allows neither
    /// the page nor the type, but where Fetch does not ask.
    async fn types(&self) -> Verdict {
        const SEND: &str = "const [url, types] = args;
            const headers = new Headers();
            for (const type of types) headers.append('content-type', type);
            await fetch(url, { method: 'POST', body: '{}', headers });";
        let [long, longer] = [117, 118].map(|count| format!("text/plain;{}", "a".repeat(count)));
        // Firefox lets no comma through.
        let commas = self.browser.engine == Engine::Firefox;
        for (types, asks, runs) in [
            (&["text/plain"][..], false, true),
            (&["TEXT/Plain;charset"], false, true),
            (&[&*long], false, true),
            (&[&*longer], true, false),
            (&["text/plain x"], true, false),
            (&["application/json"], true, false),
            (&["application/json", "text/plain"], true, false),
            (&["text/plain", "application/json"], true, false),
            (&["text/plain", ""], true, false),
            (&["text/plain;,application/json"], commas, true),
            (&["text/plain;a=b", "text/plain"], commas, true),
            // Fetch looks at each entry, and the engines at the joined value.
            (&["text/plain", "text/plain"], true, true),
            (&["text/plain", "multipart/form-data"], true, true),
        ] {
            let id = fresh_id();
            let here = format!("{}/{id}", self.recorders.url);
            let page = format!("{}/page", self.recorders.stranger);
            self.browser.open(&page).await?;
            self.browser.run(SEND, json!([here, types])).await?;
            let records = records(&id);
            let has = |method: &str| records.iter().find(|record| record.method == method);
            let sent = Arrived(has("POST").ok_or("it did not arrive")?);
            let decision = decide(unasked::POLICY, &["POST"], &sent).answered_by(|_, _| false);
            let found = (
                has("OPTIONS").is_some(),
                matches!(decision, Decision::Run(_)),
            );
            expect(&format!("{types:?}"), &found, &(asks, runs))?;
        }
        Ok(())
    }

    /// Each reaches a handler that allows neither page. It has three chances, as where the facts
    /// are measured: now and then, a browser drops what it is about to send.
    async fn unasked(&self) -> Verdict {
        for page in [&self.recorders.app, &self.recorders.stranger] {
            for (number, probe) in UNASKED.iter().enumerate() {
                if probe.name == PING && self.browser.engine == Engine::Firefox {
                    continue;
                }
                let ran = format!("unasked {number}");
                let since = Since::now([&ran]);
                let here = format!("{}/shared/unasked/{number}", self.url);
                let has_run = || since.counts().iter().all(|(_, count)| *count > 0);
                for _ in 0..3 {
                    self.browser.open(&probe.page(page, &here)?).await?;
                    self.browser.run(&probe.script(&here), Value::Null).await?;
                    since.wait().await;
                    if has_run() {
                        break;
                    }
                }
                let what = format!("{} from {page}", probe.name);
                expect(&what, &has_run(), &true)?;
            }
        }
        Ok(())
    }

    /// `no-cors`, and the type of a `Blob`: Fetch drops it, and so do Chromium and Firefox. WebKit
    /// sends it, with cookies.
    async fn blob(&self) -> Verdict {
        self.browser.open(&self.stranger).await?;
        let arrives = "POST /shared/unasked/blob";
        let (since, runs) = (Since::now([arrives]), Since::now(["unasked blob"]));
        let script = "const body = new Blob(['{}'], { type: 'application/json' });
            await fetch(args, { method: 'POST', mode: 'no-cors', credentials: 'include', body });";
        let url = json!(format!("{}/shared/unasked/blob", self.url));
        self.browser.run(script, url).await?;
        expect("the server", &since.counts(), &vec![(arrives, 1)])?;
        let ran = usize::from(self.browser.engine != Engine::WebKit);
        expect("the handler", &runs.counts(), &vec![("unasked blob", ran)])
    }
}
