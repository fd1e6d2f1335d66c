//! `AppCors` around an app: what script reads of responses that are made before the handler, and of
//! what only the default policy covers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_files::Files;
use actix_web::body::BoxBody;
use actix_web::cookie::Cookie;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compat, Condition, Next, NormalizePath, from_fn};
use actix_web::{App, Error, HttpResponse, Responder, error, get, post, put, web};
use cors_runtime::{AppCors, Policy, cors, policy};
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::servers::{APP, add};
use crate::support::{Server, serve};
use crate::world::{Case, Need, Since, Verdict, World, expect, font_file};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a login page reads a 401 and signs in, with AppCors alone",
        needs: &[],
        run: |world| Box::pin(world.login()),
    },
    Case {
        name: "script reads a 429 and when to retry",
        needs: &[],
        run: |world| Box::pin(world.limit()),
    },
    Case {
        name: "the pages that the default allows read a 401 of what it covers",
        needs: &[],
        run: |world| Box::pin(world.login_by_default()),
    },
    Case {
        name: "the pages that the default allows read a 429 of what it covers",
        needs: &[],
        run: |world| Box::pin(world.limit_by_default()),
    },
    Case {
        name: "a path normalizer leads to the handler's own policy, inside AppCors and around it",
        needs: &[],
        run: |world| Box::pin(world.normalizer()),
    },
    Case {
        name: "files are loaded by the pages that the default allows",
        needs: &[Need::Font],
        run: |world| Box::pin(world.files()),
    },
];

static ASSETS: Policy = policy!(origins = [APP]);

static DEFAULT: Policy = policy!(
    origins = [APP],
    allow_headers = ["x-token"],
    expose_headers = ["retry-after"]
);

#[cors(origins = [APP], credentials)]
#[get("/account")]
async fn account() -> &'static str {
    "ada"
}

#[cors(origins = [APP], credentials, max_age = 0)]
#[put("/account")]
async fn change_account() -> &'static str {
    "changed"
}

#[cors(origins = [APP], credentials, allow_headers = ["content-type"])]
#[post("/session")]
async fn log_in(password: web::Json<String>) -> Result<impl Responder, Error> {
    if *password == "right" {
        let cookie = Cookie::build("session", "ada").path("/").finish();
        Ok(HttpResponse::Ok().cookie(cookie).body("welcome"))
    } else {
        Err(error::ErrorForbidden("wrong password"))
    }
}

#[cors(origins = [APP], expose_headers = ["retry-after"])]
#[get("/limited")]
async fn limited() -> &'static str {
    "once"
}

#[cors(origins = [APP], allow_headers = ["x-token"])]
#[put("/me")]
async fn write_me() -> &'static str {
    "written"
}

#[cors(none)]
#[post("/internal")]
async fn internal() -> &'static str {
    add("internal ran".to_owned());
    "done"
}

/// A handler without a policy of its own.
async fn plain() -> &'static str {
    "plain"
}

/// Lets in those who have a session, and those who want one.
async fn authenticate(
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if req.cookie("session").is_some() || (req.method() == "POST" && req.path() == "/session") {
        next.call(req).await
    } else {
        Err(error::ErrorUnauthorized("who are you?"))
    }
}

/// Lets in those who have a token.
async fn require_token(
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if req.headers().contains_key("x-token") {
        next.call(req).await
    } else {
        Err(error::ErrorUnauthorized("who are you?"))
    }
}

/// An app that wants a token and trims paths, with a default policy. Its normalizer is inside
/// `AppCors` or around it.
fn normalized(is_inside: bool) -> Server {
    let normalizer = |is_here| Compat::new(Condition::new(is_here, NormalizePath::trim()));
    serve!(
        App::new()
            .service(write_me)
            .service(internal)
            .route("/plain", web::to(plain))
            .wrap(from_fn(require_token))
            .wrap(normalizer(is_inside))
            .wrap(AppCors::new().otherwise(&DEFAULT))
            .wrap(normalizer(!is_inside))
    )
}

/// An app that wants a login, with an `AppCors` around it or without.
fn accounts(is_covered: bool) -> Server {
    serve!(
        App::new()
            .service(account)
            .service(change_account)
            .service(log_in)
            .wrap(from_fn(authenticate))
            .wrap(Condition::new(is_covered, AppCors::new()))
    )
}

/// An app that lets one request in.
fn once(app_cors: fn() -> AppCors) -> Server {
    let seen = Arc::new(AtomicUsize::new(0));
    serve!({
        let seen = Arc::clone(&seen);
        let limit = move |req: ServiceRequest, next: Next<BoxBody>| {
            let is_first = seen.fetch_add(1, Ordering::SeqCst) == 0;
            async move {
                if is_first {
                    return next.call(req).await;
                }
                let res = HttpResponse::TooManyRequests()
                    .insert_header(("retry-after", "60"))
                    .body("slow down");
                Ok(req.into_response(res))
            }
        };
        App::new()
            .service(limited)
            .route("/plain", web::to(plain))
            .wrap(from_fn(limit))
            .wrap(app_cors())
    })
}

fn url(server: &Server) -> String {
    format!("http://localhost:{}", server.addr.port())
}

/// The steps of a login page; each gives a status and a text, or `blocked`.
const LOGIN: &str = "const ask = (path, init) =>
        fetch(args + path, { credentials: 'include', ...init })
            .then(async res => `${res.status} ${await res.text()}`, () => 'blocked');
    const logIn = password => ask('/session', {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(password)
    });
    return [
        await ask('/account'), await ask('/account', { method: 'PUT' }), await logIn('wrong'), await logIn('right'),
        await ask('/account'), await ask('/account', { method: 'PUT' }),
    ];";

/// Sends requests in turn, each a method, a path and headers; each result is a status and a text,
/// or `blocked`.
const ASK: &str = "const [url, requests] = args;
    const results = [];
    for (const [method, path, headers] of requests) {
        results.push(await fetch(url + path, { method, headers })
            .then(async res => `${res.status} ${await res.text()}`, () => 'blocked'));
    }
    return results;";

/// Loads a module, an image, a font and a download.
const LOAD: &str = "const element = (name, init) => new Promise(done => {
        const element = Object.assign(document.createElement(name), init);
        element.crossOrigin = 'anonymous';
        element.onload = () => done('loaded');
        element.onerror = () => done('blocked');
        document.body.append(element);
    });
    const font = new FontFace('tested', `url(${args}/font.ttf)`);
    return [
        await element('script', { type: 'module', src: `${args}/module.js` }),
        await element('img', { src: `${args}/image.svg` }),
        await fetch(`${args}/download.bin`).then(res => res.blob()).then(() => 'loaded', () => 'blocked'),
        await fetch(`${args}/missing`).then(() => 'loaded', () => 'blocked'),
        await font.load().then(() => 'loaded', () => 'blocked'),
    ];";

impl World<'_> {
    async fn login(&self) -> Verdict {
        let (covered, bare) = (accounts(true), accounts(false));
        let who = "401 who are you?";
        let read = json!([
            who,
            who,
            "403 wrong password",
            "200 welcome",
            "200 ada",
            "200 changed"
        ]);
        let blocked = json!(vec!["blocked"; 6]);
        // Without `AppCors`, no preflight gets in, and nobody reads the 401.
        for (what, server, page, expected) in [
            ("the app", &covered, &self.app, &read),
            ("a stranger", &covered, &self.stranger, &blocked),
            ("the app, without `AppCors`", &bare, &self.app, &blocked),
        ] {
            self.browser.open(page).await?;
            self.browser.forget_cookies().await?;
            let found = self.browser.run(LOGIN, json!(url(server))).await?;
            expect(what, &found, expected)?;
        }
        Ok(())
    }

    async fn limit(&self) -> Verdict {
        self.read_429(&once(AppCors::new), "/limited", "once").await
    }

    async fn limit_by_default(&self) -> Verdict {
        let server = once(|| AppCors::new().otherwise(&DEFAULT));
        self.read_429(&server, "/plain", "plain").await
    }

    /// The first request to a server gets through, and the others do not.
    async fn read_429(&self, server: &Server, path: &str, text: &str) -> Verdict {
        let ask = "const res = await fetch(args).catch(() => null);
            return res && [res.status, await res.text(), res.headers.get('retry-after')];";
        for (page, expected) in [
            (&self.app, json!([200, text, null])),
            (&self.app, json!([429, "slow down", "60"])),
            (&self.stranger, Value::Null),
        ] {
            self.browser.open(page).await?;
            let here = json!(format!("{}{path}", url(server)));
            let found = self.browser.run(ask, here).await?;
            expect(page, &found, &expected)?;
        }
        Ok(())
    }

    async fn login_by_default(&self) -> Verdict {
        // No page has a session, so the login lets no request in.
        let server = serve!(
            App::new()
                .route("/plain", web::to(plain))
                .wrap(from_fn(authenticate))
                .wrap(AppCors::new().otherwise(&DEFAULT))
        );
        let requests = json!([
            ["GET", "/plain", {}],
            ["PUT", "/plain", { "x-token": "1" }],
            ["GET", "/nothing", {}],
        ]);
        let who = "401 who are you?";
        for (page, expected) in [
            (&self.app, json!([who, who, who])),
            (&self.stranger, json!(["blocked", "blocked", "blocked"])),
        ] {
            self.browser.open(page).await?;
            let args = json!([url(&server), requests]);
            let found = self.browser.run(ASK, args).await?;
            expect(page, &found, &expected)?;
        }
        Ok(())
    }

    async fn normalizer(&self) -> Verdict {
        let token = || json!({ "x-token": "1" });
        let requests = json!([
            ["PUT", "/me/", token()],
            ["PUT", "/plain/", token()],
            ["GET", "/plain/", {}],
            // The default would let it through, but the handler's policy is `none`.
            ["POST", "/internal/", token()],
            // It needs no preflight. Nobody reads its 401.
            ["POST", "/internal/", {}],
        ]);
        let read = json!([
            "200 written",
            "200 plain",
            "401 who are you?",
            "blocked",
            "blocked"
        ]);
        for is_inside in [true, false] {
            let server = normalized(is_inside);
            for (page, expected) in [
                (&self.app, &read),
                (&self.stranger, &json!(vec!["blocked"; 5])),
            ] {
                let since = Since::now(["internal ran"]);
                self.browser.open(page).await?;
                let args = json!([url(&server), requests]);
                let found = self.browser.run(ASK, args).await?;
                let what = format!("{page}, the normalizer inside: {is_inside}");
                expect(&what, &found, expected)?;
                expect(&what, &since.counts(), &vec![("internal ran", 0)])?;
            }
        }
        Ok(())
    }

    async fn files(&self) -> Verdict {
        let folder = self.folder.join("assets");
        let font = font_file().ok_or("no font")?;
        let write = || {
            std::fs::create_dir_all(&folder)?;
            std::fs::copy(font, folder.join("font.ttf"))?;
            std::fs::write(folder.join("module.js"), "export default 3;")?;
            std::fs::write(
                folder.join("image.svg"),
                r#"<svg xmlns="http://www.w3.org/2000/svg" width="3" height="3"/>"#,
            )?;
            std::fs::write(folder.join("download.bin"), [0; 64])
        };
        write().map_err(|error| error.to_string())?;
        let in_scope = folder.clone();
        let around_app = serve!(
            App::new()
                .service(Files::new("/assets", folder.clone()))
                .wrap(AppCors::new().otherwise(&ASSETS).only(&["GET"]))
        );
        let around_scope = serve!({
            let assets = web::scope("/assets")
                .service(Files::new("/", in_scope.clone()))
                .wrap(AppCors::new().otherwise(&ASSETS).only(&["GET"]));
            App::new().service(assets)
        });
        // WebKitGTK loads fonts without asking, which Fetch does not allow.
        let font = match self.browser.engine {
            Engine::WebKit => "loaded",
            Engine::Chromium | Engine::Firefox => "blocked",
        };
        for server in [around_app, around_scope] {
            let assets = json!(format!("{}/assets", url(&server)));
            for (page, expected) in [
                (&self.app, json!(vec!["loaded"; 5])),
                (
                    &self.stranger,
                    json!(["blocked", "blocked", "blocked", "blocked", font]),
                ),
            ] {
                self.browser.open(page).await?;
                let found = self.browser.run(LOAD, assets.clone()).await?;
                expect(page, &found, &expected)?;
            }
        }
        Ok(())
    }
}
