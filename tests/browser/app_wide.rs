//! `AppCors` around an app: what script reads of responses that are made before the handler, and of files.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_files::Files;
use actix_web::body::BoxBody;
use actix_web::cookie::Cookie;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Condition, Next, from_fn};
use actix_web::{App, Error, HttpResponse, Responder, error, get, post, put, web};
use cors_runtime::{AppCors, Policy, cors, policy};
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::servers::APP;
use crate::support::{Server, serve};
use crate::world::{Case, Need, Verdict, World, expect, font_file};

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
        name: "files are loaded by the pages that the default allows",
        needs: &[Need::Font],
        run: |world| Box::pin(world.files()),
    },
];

static ASSETS: Policy = policy!(origins = [APP]);

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
fn once() -> Server {
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
            .wrap(from_fn(limit))
            .wrap(AppCors::new())
    })
}

fn url(server: &Server) -> String {
    format!("http://localhost:{}", server.addr.port())
}

/// What a login page does; each step is a status and a text, or `blocked`.
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
        let server = once();
        let ask = "const res = await fetch(args).catch(() => null);
            return res && [res.status, await res.text(), res.headers.get('retry-after')];";
        for (page, expected) in [
            (&self.app, json!([200, "once", null])),
            (&self.app, json!([429, "slow down", "60"])),
            (&self.stranger, Value::Null),
        ] {
            self.browser.open(page).await?;
            let here = json!(format!("{}/limited", url(&server)));
            let found = self.browser.run(ask, here).await?;
            expect(page, &found, &expected)?;
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
        let server = serve!(
            App::new()
                .service(Files::new("/assets", folder.clone()))
                .wrap(AppCors::new().otherwise(&ASSETS).only(&["GET", "HEAD"]))
        );
        // WebKitGTK loads fonts without asking, which Fetch does not allow.
        let font = match self.browser.engine {
            Engine::WebKit => "loaded",
            Engine::Chromium | Engine::Firefox => "blocked",
        };
        for (page, expected) in [
            (&self.app, json!(vec!["loaded"; 5])),
            (
                &self.stranger,
                json!(["blocked", "blocked", "blocked", "blocked", font]),
            ),
        ] {
            self.browser.open(page).await?;
            let assets = json!(format!("{}/assets", url(&server)));
            let found = self.browser.run(LOAD, assets).await?;
            expect(page, &found, &expected)?;
        }
        Ok(())
    }
}
