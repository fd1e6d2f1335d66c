//! A browser remembers which headers a preflight of a URL allowed, but not for which method. So a preflight that one handler
//! answered lets requests through to another handler on the same path.
//! <https://fetch.spec.whatwg.org/#concept-cache-match-header>

use actix_web::{HttpRequest, Responder, get, post, web};
use cors_runtime::cors;
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::probes::{PING, UNASKED};
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
        .service(unasked);
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

    /// Each reaches a handler that allows neither page. It has three chances, as where the facts are
    /// measured: now and then, a browser drops what it is about to send.
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

    /// `no-cors`, and the type of a `Blob`: Fetch drops it, and so do Chromium and Firefox. WebKit sends it, with cookies.
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
