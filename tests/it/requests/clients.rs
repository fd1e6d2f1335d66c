//! The origins of clients that are not websites, as they are sent.

use actix_web::{HttpResponse, Responder, put};
use cors_runtime::{
    Allowlist, ConfiguredPolicy, Danger, Origin, OriginSource, Policy, PolicyConfig,
    PublicAllowlist, SourceError, Target, cors, policy,
};

use crate::support::Server;

const MOZ: &str = "moz-extension://9b2f4a5c-0c0f-4f6e-9d1c-3c1f5f0a7e11";
const CHROME: &str = "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai";
const SAFARI: &str = "safari-web-extension://140BB581-2D3C-4B46-8B5E-7E6A3F1C9D20";
const VSCODE: &str = "vscode-webview://1abcdefghijklmnopqrstuv0123456789abcdefghijklmnopqrstu";

/// Extensions, web views of apps and local files; and the handler whose policy names each.
const CLIENTS: [(&str, &str); 13] = [
    (MOZ, "/no-danger"),
    (CHROME, "/no-danger"),
    (SAFARI, "/no-danger"),
    (VSCODE, "/no-danger"),
    ("capacitor://localhost", "/no-danger"),
    ("ionic://localhost", "/no-danger"),
    ("tauri://localhost", "/no-danger"),
    ("http://tauri.localhost", "/no-danger"),
    ("https://localhost", "/no-danger"),
    ("app://.", "/dangers"),
    ("app://-", "/dangers"),
    ("file://", "/dangers"),
    ("null", "/dangers"),
];

#[cors(
    origins = [
        "moz-extension://9b2f4a5c-0c0f-4f6e-9d1c-3c1f5f0a7e11",
        "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai",
        "safari-web-extension://140BB581-2D3C-4B46-8B5E-7E6A3F1C9D20",
        "capacitor://localhost",
        "ionic://localhost",
        "tauri://localhost",
        "http://tauri.localhost",
        "https://localhost",
        "vscode-webview://1abcdefghijklmnopqrstuv0123456789abcdefghijklmnopqrstu",
    ],
    credentials
)]
#[put("/no-danger")]
async fn no_danger() -> impl Responder {
    HttpResponse::Ok()
}

#[cors(
    origins = ["app://.", "app://-", "file://", "null"],
    credentials,
    danger(insecure_origins = "test", file_origin = "test", null_origin = "test")
)]
#[put("/dangers")]
async fn dangers() -> impl Responder {
    HttpResponse::Ok()
}

static ANY_EXTENSION: Policy = policy!(
    origins = [
        "moz-extension://*",
        "chrome-extension://*",
        "safari-web-extension://*",
        "vscode-webview://*"
    ]
);

#[cors(ANY_EXTENSION)]
#[put("/any-extension")]
async fn any_extension() -> impl Responder {
    HttpResponse::Ok()
}

static LIST: Allowlist = Allowlist::new().danger(Danger::InsecureOrigins, "test");
static PUBLIC_LIST: PublicAllowlist = PublicAllowlist::new();

#[cors(origins = [LIST], credentials)]
#[put("/list")]
async fn by_list() -> impl Responder {
    HttpResponse::Ok()
}

#[cors(origins = [PUBLIC_LIST])]
#[put("/public-list")]
async fn by_public_list() -> impl Responder {
    HttpResponse::Ok()
}

#[cors(credentials, danger(reflect_any_origin = "test"))]
#[put("/reflected")]
async fn reflected() -> impl Responder {
    HttpResponse::Ok()
}

static CONFIGURED: ConfiguredPolicy = ConfiguredPolicy::new();

#[cors(configured = CONFIGURED)]
#[put("/configured")]
async fn by_configuration() -> impl Responder {
    HttpResponse::Ok()
}

/// Allows what it is asked about.
struct Anything;

impl OriginSource for Anything {
    fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        Ok(true)
    }
}

static ANYTHING: Anything = Anything;

#[cors(origins = [ANYTHING])]
#[put("/source")]
async fn by_source() -> impl Responder {
    HttpResponse::Ok()
}

fn server() -> Server {
    Server::start(|app| {
        app.service(no_danger)
            .service(dangers)
            .service(any_extension)
            .service(by_list)
            .service(by_public_list)
            .service(reflected)
            .service(by_configuration)
            .service(by_source);
    })
}

/// Sends a preflight and a request, and checks that both are allowed, or neither.
#[track_caller]
fn check(server: &Server, path: &str, origin: &str, is_allowed: bool) {
    let preflight = server.preflight(path, origin, "PUT", "");
    let request = server.send(&format!("PUT {path}"), &[format!("Origin: {origin}")], "");
    let statuses = [preflight.status, request.status];
    let expected = [if is_allowed { 204 } else { 403 }, 200];
    assert_eq!(statuses, expected, "{path} {origin}");
    for response in [preflight, request] {
        let allowed = response.header("access-control-allow-origin");
        assert_eq!(allowed, is_allowed.then_some(origin), "{path} {origin}");
    }
}

#[test]
fn each_client_is_allowed_where_it_is_named_and_nowhere_else() {
    let server = server();
    for (origin, handler) in CLIENTS {
        for path in ["/no-danger", "/dangers"] {
            check(&server, path, origin, path == handler);
        }
        let is_extension = [MOZ, CHROME, SAFARI, VSCODE].contains(&origin);
        check(&server, "/any-extension", origin, is_extension);
        check(&server, "/reflected", origin, true);
        // A source is not asked about what names nobody.
        check(
            &server,
            "/source",
            origin,
            !["file://", "null"].contains(&origin),
        );
    }
    // Each is compared byte for byte.
    for origin in [
        &MOZ.to_ascii_uppercase(),
        &SAFARI.to_ascii_lowercase(),
        "capacitor://LOCALHOST",
        "capacitor://localhost:80",
        "tauri://localhost/",
        "https://tauri.localhost",
        "app://",
        "file:///",
    ] {
        for path in ["/no-danger", "/dangers"] {
            check(&server, path, origin, false);
        }
    }
}

#[test]
fn a_list_takes_each_client_that_can_be_named() {
    let server = server();
    let listed = CLIENTS.map(|(origin, _)| origin);
    // A pattern allows all hosts of its scheme; any other entry allows one origin.
    for entry in listed.into_iter().chain(["moz-extension://*", "app://*"]) {
        let is_unnamed = ["file://", "null"].contains(&entry);
        assert_eq!(LIST.set([entry]).is_err(), is_unnamed, "{entry}");
        assert_eq!(PUBLIC_LIST.set([entry]).is_err(), is_unnamed, "{entry}");
        if is_unnamed {
            continue;
        }
        for (origin, _) in CLIENTS {
            let is_allowed = match entry.strip_suffix('*') {
                Some(scheme) => origin.starts_with(scheme),
                None => origin == entry,
            };
            check(&server, "/list", origin, is_allowed);
            check(&server, "/public-list", origin, is_allowed);
        }
    }
}

#[test]
fn a_configuration_takes_each_client_and_with_credentials_as_an_attribute_does() {
    use Danger::{FileOrigin, InsecureOrigins, NullOrigin};

    let server = server();
    let listed = CLIENTS.map(|(origin, _)| origin);
    for entry in listed.into_iter().chain(["moz-extension://*", "app://*"]) {
        let is_app = entry.starts_with("app:") || entry.ends_with('*');
        for credentials in [false, true] {
            let needed = match entry {
                "file://" => Some(FileOrigin),
                "null" => Some(NullOrigin),
                _ if credentials && is_app => Some(InsecureOrigins),
                _ => None,
            };
            for danger in [
                None,
                Some(FileOrigin),
                Some(NullOrigin),
                Some(InsecureOrigins),
            ] {
                let config = PolicyConfig {
                    origins: vec![entry.to_owned()],
                    credentials,
                    danger: danger
                        .map(|it| (it, "test".to_owned()))
                        .into_iter()
                        .collect(),
                    ..PolicyConfig::default()
                };
                let is_set = CONFIGURED.set(config).is_ok();
                assert_eq!(is_set, danger == needed, "{entry} {credentials} {danger:?}");
            }
            for (origin, _) in CLIENTS {
                let is_allowed = match entry.strip_suffix('*') {
                    Some(scheme) => origin.starts_with(scheme),
                    None => origin == entry,
                };
                check(&server, "/configured", origin, is_allowed);
            }
        }
    }
}

#[actix_web::test]
async fn a_surface_shows_each_client_as_it_is_written() {
    let surface = cors_runtime::surface(|app| {
        app.service(any_extension).service(dangers);
    });
    assert_eq!(
        surface.await.to_string(),
        "/any-extension PUT any_extension: origins = [\"moz-extension://*\", \"vscode-webview://*\", \
         \"chrome-extension://*\", \"safari-web-extension://*\"]\n\
         /dangers PUT dangers: origins = [\"null\", \"app://-\", \"app://.\", \"file://\"], \
         credentials, danger(insecure_origins = \"test\", file_origin = \"test\", \
         null_origin = \"test\")\n",
    );
}
