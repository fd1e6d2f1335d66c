//! Pages of browser extensions: what they send, and what they can read.

use std::path::PathBuf;

use actix_web::{HttpResponse, Responder, route, web};
use cors_runtime::{Allowlist, cors};
use serde_json::json;

use crate::browser::Browser;
use crate::cases::{FETCH, Page};
use crate::documented::{ENGINES, compare};
use crate::engine::{Engine, chromium};
use crate::facts::{SENT_BY_PAGE, head, up_to_twice};
use crate::servers;
use crate::world::{Case, Verdict, World, expect};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "what an extension sends is documented",
        needs: &[],
        run: |world| Box::pin(up_to_twice(move || world.measure_extensions())),
    },
    Case {
        name: "an extension reads what the policies say, if the engine can install one",
        needs: &[],
        run: |world| Box::pin(world.extensions()),
    },
];

/// An extension with a page, and nothing else.
struct Extension {
    name: &'static str,
    /// Chromium computes the id from it. Firefox makes up another one for each installation.
    key: &'static str,
    chromium_id: &'static str,
    host_permissions: &'static [&'static str],
}

const PLAIN: Extension = Extension {
    name: "plain",
    key: "Y29ycw==",
    chromium_id: "gphiakdmfnpifpllgfephlofmclhhphm",
    host_permissions: &[],
};

const PERMITTED: Extension = Extension {
    name: "permitted",
    key: "aG9zdHM=",
    chromium_id: "epikcmmdjiniggechhkjgkhiedklejfi",
    host_permissions: &["http://localhost/*"],
};

impl Extension {
    fn id(&self) -> String {
        format!("{}@example.com", self.name)
    }

    /// Writes its files, and gives their folder.
    fn write(&self, world: &World<'_>) -> Result<PathBuf, String> {
        let folder = world.folder.join("extensions").join(self.name);
        let manifest = json!({
            "manifest_version": 3,
            "name": self.name,
            "version": "1",
            "key": self.key,
            "host_permissions": self.host_permissions,
            "browser_specific_settings": { "gecko": { "id": self.id() } },
        });
        std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::write(folder.join("manifest.json"), manifest.to_string()))
            .and_then(|()| std::fs::write(folder.join("page.html"), "<!doctype html><body>"))
            .map_err(|error| error.to_string())?;
        Ok(folder)
    }
}

/// A browser that has both extensions.
struct Installed<'a> {
    shared: &'a Browser,
    /// Chromium installs extensions when it starts.
    own: Option<Browser>,
    plain: String,
    permitted: String,
}

impl Installed<'_> {
    fn browser(&self) -> &Browser {
        self.own.as_ref().unwrap_or(self.shared)
    }

    async fn open(&self, origin: &str) -> Result<(), String> {
        self.browser().open(&format!("{origin}/page.html")).await
    }

    async fn remove(self) -> Verdict {
        if let Some(browser) = self.own {
            browser.close().await;
            return Ok(());
        }
        for extension in [PLAIN, PERMITTED] {
            self.shared.uninstall(&extension.id()).await?;
        }
        Ok(())
    }
}

/// Stands in place of the table of WebKit.
const NOT_MEASURED: &str = "Not measured. `MiniBrowser` has no option that installs an extension, \
    its driver knows no such command, and WebKitGTK 2.50 has no public function that loads one.";

impl World<'_> {
    /// Installs both extensions. `None` in WebKit, if its driver says that it cannot.
    async fn install(&self) -> Result<Option<Installed<'_>>, String> {
        let (plain, permitted) = (PLAIN.write(self)?, PERMITTED.write(self)?);
        let shared = self.browser;
        let (own, scheme, hosts) = match shared.engine {
            Engine::Chromium => {
                let folders = format!("{},{}", plain.display(), permitted.display());
                let folder = self.folder.join("with-extensions");
                std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
                let browser = chromium(&folder, &[&format!("--load-extension={folders}")]).await?;
                let ids = [PLAIN, PERMITTED].map(|extension| extension.chromium_id.to_owned());
                (Some(browser), "chrome-extension", ids)
            }
            Engine::Firefox => {
                let plain = shared.install(&plain, &PLAIN.id()).await?;
                let permitted = shared.install(&permitted, &PERMITTED.id()).await?;
                (None, "moz-extension", [plain, permitted])
            }
            Engine::WebKit => {
                return match shared.install(&plain, &PLAIN.id()).await {
                    Err(error) if error.contains("Unknown command") => Ok(None),
                    other => Err(format!("no longer unknown, so measure it: {other:?}")),
                };
            }
        };
        let [plain, permitted] = hosts.map(|host| format!("{scheme}://{host}"));
        Ok(Some(Installed {
            shared,
            own,
            plain,
            permitted,
        }))
    }

    async fn measure_extensions(&self) -> Verdict {
        let lines = match self.install().await? {
            None => vec![NOT_MEASURED.to_owned()],
            Some(installed) => {
                let lines = self.sent_by_extensions(&installed).await;
                installed.remove().await?;
                lines?
            }
        };
        compare(ENGINES, self.browser.engine, "extension", &lines)
    }

    async fn sent_by_extensions(&self, installed: &Installed<'_>) -> Result<Vec<String>, String> {
        let mut lines = head(&SENT_BY_PAGE);
        for (origin, condition) in [
            (&installed.plain, ""),
            (&installed.permitted, ", with a permission for the host"),
        ] {
            let page = format!("{origin}/page.html");
            let (_, host) = origin.split_once("://").ok_or("no host")?;
            let sent = self.sent_by_page(installed.browser(), &page, condition);
            lines.extend(sent.await?.iter().map(|line| line.replace(host, "…")));
        }
        Ok(lines)
    }

    async fn extensions(&self) -> Verdict {
        let Some(installed) = self.install().await? else {
            return Ok(());
        };
        let verdict = self.extensions_read(&installed).await;
        installed.remove().await?;
        verdict?;
        self.open(Page::App).await?;
        for method in ["GET", "PUT"] {
            let url = format!("{}/extensions/any", self.url);
            let found = self.fetch(&url, json!({ "method": method })).await?;
            expect("a website", &found, &json!("blocked"))?;
        }
        Ok(())
    }

    async fn extensions_read(&self, installed: &Installed<'_>) -> Verdict {
        if installed.own.is_none() {
            let set = ONE.set([&installed.plain]);
            set.map_err(|violations| violations.to_string())?;
        }
        let (plain, permitted) = (&installed.plain, &installed.permitted);
        // The extension, where the request goes, the status that script reads, and how many
        // preflights and requests arrive. The permission is for `localhost`, and CORS does not
        // apply there.
        #[rustfmt::skip]
        let rows = [
            (plain, "GET /extensions/any", "localhost", Some(200), [0, 1]),
            (plain, "PUT /extensions/any", "localhost", Some(200), [1, 1]),
            (plain, "GET /extensions/one", "localhost", Some(200), [0, 1]),
            (plain, "PUT /extensions/one", "localhost", Some(200), [1, 1]),
            (plain, "GET /extensions/other", "localhost", None, [0, 1]),
            (plain, "PUT /extensions/other", "localhost", None, [1, 0]),
            (plain, "POST /enforced", "localhost", None, [0, 1]),
            (permitted, "GET /extensions/other", "localhost", Some(200), [0, 1]),
            (permitted, "PUT /extensions/other", "localhost", Some(200), [0, 1]),
            (permitted, "POST /enforced", "localhost", Some(403), [0, 1]),
            (permitted, "GET /extensions/any", "127.0.0.1", Some(200), [0, 1]),
            (permitted, "GET /extensions/one", "127.0.0.1", None, [0, 1]),
            (permitted, "PUT /extensions/other", "127.0.0.1", None, [1, 0]),
        ];
        for (extension, request, host, status, arrive) in rows {
            let what = format!("{extension} {request} {host}");
            let (method, path) = request.split_once(' ').ok_or("no path")?;
            let credentials = if path.ends_with("one") {
                "include"
            } else {
                "omit"
            };
            let preflight = format!("OPTIONS {path}");
            let counts = || [servers::count(&preflight), servers::count(request)];
            let (before, ran) = (counts(), servers::count("enforced ran"));
            installed.open(extension).await?;
            let init = json!({ "method": method, "credentials": credentials });
            let url = format!("{}{path}", self.url.replace("localhost", host));
            let args = json!([url, init]);
            let found = installed.browser().run(FETCH, args).await?;
            expect(&what, &found["status"].as_u64(), &status)?;
            let [preflights, requests] = counts();
            let arrived = [preflights - before[0], requests - before[1]];
            expect(&what, &arrived, &arrive)?;
            expect(&what, &servers::count("enforced ran"), &ran)?;
        }
        Ok(())
    }
}

/// The extension without permissions, as Firefox installed it.
static ONE: Allowlist = Allowlist::new();

#[cors(origins = ["chrome-extension://*", "moz-extension://*"])]
#[route("/extensions/any", method = "GET", method = "PUT")]
async fn any_extension() -> impl Responder {
    HttpResponse::Ok()
}

#[cors(origins = ["chrome-extension://gphiakdmfnpifpllgfephlofmclhhphm", ONE], credentials)]
#[route("/extensions/one", method = "GET", method = "PUT")]
async fn one_extension() -> impl Responder {
    HttpResponse::Ok()
}

#[cors(origins = [
    "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai",
    "moz-extension://9b2f4a5c-0c0f-4f6e-9d1c-3c1f5f0a7e11",
    "safari-web-extension://*",
])]
#[route("/extensions/other", method = "GET", method = "PUT")]
async fn other_extension() -> impl Responder {
    HttpResponse::Ok()
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(any_extension)
        .service(one_extension)
        .service(other_extension);
}
