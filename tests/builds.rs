//! Effects of how a crate is built: of the variables of its environment, its edition, and
//! `debug_assertions`. The rules are linked only into programs that need them. Also, the helps in
//! the compiler's messages help.
//!
//! Each test builds a small package of its own. It has the dependencies of this one, and those from
//! crates.io are built already.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A package with one source file.
struct Package {
    folder: PathBuf,
}

impl Package {
    fn new(name: &str, main: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("builds")
            .join(name);
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::create_dir_all(folder.join("src")).expect("a folder");
        // The manifest of this package, without its members and without its targets and lints,
        // which are at the end.
        let manifest = fs::read_to_string(workspace.join("Cargo.toml")).expect("a manifest");
        let manifest = manifest.split("\n[[").next().expect("a first piece");
        let (_, manifest) = manifest
            .split_once("\n[workspace.package]")
            .expect("versions");
        let manifest = manifest
            .replace("\"cors-tests\"", &format!("{name:?}"))
            .replace("[dev-dependencies]", "[dependencies]")
            .replace(
                "path = \"",
                &format!("path = \"{}/", workspace.display()).replace('\\', "/"),
            );
        let manifest = format!("[workspace.package]{manifest}");
        fs::write(folder.join("Cargo.toml"), manifest).expect("a file");
        // The same versions as here, which are on this machine already.
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a file");
        fs::write(folder.join("src/main.rs"), main).expect("a file");
        Self { folder }
    }

    /// The same package in another edition.
    fn in_edition(self, edition: &str) -> Self {
        let manifest = self.folder.join("Cargo.toml");
        let text = fs::read_to_string(&manifest).expect("a manifest");
        let text = text.replace(
            "edition.workspace = true",
            &format!("edition = {edition:?}"),
        );
        fs::write(&manifest, text).expect("a file");
        self
    }

    /// The folder of all that is built.
    fn target() -> &'static Path {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        folder.parent().expect("the folder of what is built")
    }

    fn cargo(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(args).current_dir(&self.folder);
        cargo
            .env("CARGO_TARGET_DIR", Self::target())
            .env_remove("APP_ORIGIN")
            .env_remove("RUSTFLAGS")
            .env("CARGO_TERM_COLOR", "never");
        cargo.envs(variables.iter().copied());
        cargo.output().expect("cargo runs")
    }

    /// As in a release, as far as it matters here. The other dependencies stay as they are.
    fn run_without_debug_assertions(&self) -> Output {
        let name = self.folder.file_name().expect("a name").to_string_lossy();
        let options = [&*name, "cors-rules", "cors-runtime"]
            .map(|package| format!("profile.dev.package.{package}.debug-assertions=false"));
        let mut args = vec!["run"];
        args.extend(options.iter().flat_map(|option| ["--config", option]));
        self.cargo(&args, &[])
    }

    /// True if the binary has this text in it.
    fn holds(&self, text: &str) -> bool {
        let name = self.folder.file_name().expect("a name");
        let name = format!("{}{}", name.to_string_lossy(), std::env::consts::EXE_SUFFIX);
        let binary = fs::read(Self::target().join("debug").join(name)).expect("a binary");
        let mut windows = binary.windows(text.len());
        windows.any(|window| window == text.as_bytes())
    }
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr]
        .map(|bytes| String::from_utf8_lossy(bytes))
        .concat()
}

#[test]
fn an_origin_is_taken_from_the_environment_of_the_build() {
    let probe = Package::new(
        "environment",
        r#"
        #[cors_runtime::cors(origins = [env!("APP_ORIGIN"), "https://fixed.example"], credentials)]
        #[actix_web::get("/")]
        async fn handler() -> &'static str {
            ""
        }

        static SHARED: cors_runtime::Policy = cors_runtime::policy!(origins = [::core::env!("APP_ORIGIN")]);

        fn main() {
            println!("{} and {}", handler::POLICY, SHARED);
        }
        "#,
    );
    let run = |origin: &str| probe.cargo(&["run", "--quiet"], &[("APP_ORIGIN", origin)]);
    for origin in [
        "https://one.example",
        "https://two.example",
        "https://*.three.example",
    ] {
        // The second time, only the variable has changed.
        let output = run(origin);
        assert!(output.status.success(), "{}", said(&output));
        let text = said(&output);
        assert!(
            text.contains(&format!("origins = [\"{origin}\"]")),
            "{text}"
        );
        assert!(
            text.contains(&format!("{origin:?}")) && text.contains("\"https://fixed.example\""),
            "{text}"
        );
    }
    let output = run("https://one.example/");
    assert!(!output.status.success());
    let text = said(&output);
    for part in [
        "error: `https://one.example/` is not an origin: it ends with a slash",
        "= help: \"https://one.example\"",
        "= rule: malformed_origin",
        // The culprit is what the origin was taken from.
        "env!(\"APP_ORIGIN\"), \"https://fixed.example\"], credentials)]\n  |                                         ^^^^^^^^^^^^^^^^^^\n",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
    let output = probe.cargo(&["build", "--quiet"], &[]);
    assert!(!output.status.success());
    let text = said(&output);
    assert!(
        text.contains("error: the environment variable `APP_ORIGIN` is not set"),
        "{text}"
    );
    assert!(text.contains("= rule: invalid_value"), "{text}");
    assert!(
        !text.contains("not defined at compile time"),
        "one mistake is one error: {text}"
    );
}

const DEV: &str = "http://only-in-development.localhost:3000";

#[test]
fn origins_for_development_loopback_origins_and_explanations_depend_on_debug_assertions() {
    let probe = Package::new(
        "profiles",
        &format!(
            r#"
        use cors_runtime::{{Allowlist, cors, policy}};

        static DEV_TENANTS: Allowlist = Allowlist::new();

        #[cors(origins = ["https://app.example"], dev_origins = [{DEV:?}, "http://*.dev-pattern.localhost", crate::DEV_TENANTS])]
        #[actix_web::get("/")]
        async fn handler() -> &'static str {{
            ""
        }}

        #[cors(origins = ["http://localhost:8080"])]
        #[actix_web::get("/loopback")]
        async fn loopback() -> &'static str {{
            ""
        }}

        #[cors(origins = ["https://localhost", "http://tauri.localhost", "capacitor://localhost"], credentials)]
        #[actix_web::get("/app")]
        async fn app_webviews() -> &'static str {{
            ""
        }}

        static SHARED: cors_runtime::Policy = policy!(origins = ["http://127.0.0.1:*"]);

        #[cors(origins = ["http://[::1]:8080"])]
        #[actix_web::get("/silenced")]
        #[allow(deprecated)]
        async fn silenced() -> &'static str {{
            ""
        }}

        fn main() {{
            let _ = DEV_TENANTS.set(["https://tenant.example"]);
            actix_web::App::new().service(handler).service(loopback).service(silenced).service(app_webviews);
            println!("{{}} and {{}}", handler::POLICY, SHARED);
            actix_web::rt::System::new().block_on(async {{
                println!("by default: {{}}.", explained().await);
                cors_runtime::explain(true);
                println!("switched on: {{}}.", explained().await);
            }});
        }}

        /// True if a refused preflight says why.
        async fn explained() -> bool {{
            use actix_web::test::{{TestRequest, call_and_read_body, init_service}};
            let app = init_service(actix_web::App::new().service(handler)).await;
            let preflight = TestRequest::with_uri("/")
                .method(actix_web::http::Method::OPTIONS)
                .insert_header(("origin", "https://evil.example"))
                .insert_header(("access-control-request-method", "GET"));
            call_and_read_body(&app, preflight.to_request()).await.starts_with(b"CORS: ")
        }}
        "#
        ),
    );
    let holds = |text| probe.holds(text);
    let debug = probe.cargo(&["run"], &[]);
    assert!(debug.status.success(), "{}", said(&debug));
    assert!(
        said(&debug).contains(DEV) && said(&debug).contains("crate::DEV_TENANTS"),
        "{}",
        said(&debug)
    );
    assert!(
        !said(&debug).contains("loopback_origin_in_release"),
        "{}",
        said(&debug)
    );
    assert!(holds(DEV) && holds("https://app.example"));
    assert!(said(&debug).contains("by default: true."));

    let release = probe.run_without_debug_assertions();
    let text = said(&release);
    assert!(release.status.success(), "{text}");
    assert!(
        text.contains(r#"origins = ["https://app.example"] and"#),
        "{text}"
    );
    assert!(holds("https://app.example"));
    assert!(text.contains("by default: false.\nswitched on: true."));
    for absent in [
        DEV,
        "only-in-development",
        "dev-pattern",
        "crate::DEV_TENANTS",
    ] {
        assert!(!holds(absent), "{absent} is in the release binary");
    }
    let warnings: Vec<_> = text
        .lines()
        .filter(|line| line.contains("rule: loopback_origin_in_release"))
        .collect();
    assert_eq!(warnings.len(), 2, "{text}");
    for warned in [
        "`http://localhost:8080` is the user's own machine",
        "`http://127.0.0.1:*` is the user's own machine",
    ] {
        assert!(text.contains(warned), "{text}");
    }
    assert!(
        text.contains("help: `dev_origins = [\"http://localhost:8080\"]`"),
        "{text}"
    );
}

/// The compiler has checked what is written in attributes. Only lists that are filled at run time
/// are checked at run time.
#[test]
fn a_program_has_the_rules_in_it_only_if_it_fills_a_list() {
    // Of the Public Suffix List, and of a violation.
    const TEXTS: [&str; 2] = [
        "\ntools.addr.dyn\n",
        "it does nothing, and if you remove it",
    ];
    let program = |name, filled| {
        let main = r#"
        use actix_web::{App, HttpServer, get};
        use cors_runtime::{Allowlist, AppCors, cors};

        static TENANTS: Allowlist = Allowlist::new();

        #[cors(origins = ["https://app.example", "https://*.shops.example", TENANTS], credentials)]
        #[get("/")]
        async fn handler() -> &'static str {
            ""
        }

        #[actix_web::main]
        async fn main() -> std::io::Result<()> {
            FILLED;
            HttpServer::new(|| App::new().service(handler).wrap(AppCors::new()))
                .bind(("127.0.0.1", 0))?
                .run()
                .await
        }
        "#;
        let probe = Package::new(name, &main.replace("FILLED", filled));
        let built = probe.cargo(&["build"], &[]);
        assert!(built.status.success(), "{}", said(&built));
        TEXTS.map(|text| probe.holds(text))
    };
    assert_eq!(program("unfilled", "()"), [false, false]);
    let filled = "let _ = TENANTS.set([\"https://tenant.example\"])";
    assert_eq!(program("filled", filled), [true, true]);
}

/// In edition 2015, `::core` is not the crate. A message that needs it would be lost.
#[test]
fn errors_of_a_policy_are_shown_in_edition_2015() {
    let probe = Package::new(
        "edition2015",
        r#"
        extern crate cors_runtime;
        use cors_runtime::{Policy, policy};

        static SLASH: Policy = policy!(origins = ["https://a.example/"]);
        static INSECURE: Policy = policy!(origins = ["http://a.example"]);
        static BASED: Policy = policy!(credentials, ..INSECURE);

        fn main() {
            println!("{}{}", SLASH, BASED);
        }
        "#,
    );
    let text = said(&probe.in_edition("2015").cargo(&["check", "--quiet"], &[]));
    for part in [
        "error: `https://a.example/` is not an origin: it ends with a slash",
        "`http://a.example` is not secure, and would use `credentials`",
        "= help: in the base: \"https://a.example\"",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
    assert!(!text.contains("E0433"), "{text}");
}

/// An error in an example, of those that a help is pasted into.
struct Mistake {
    example: String,
    message: String,
    /// Where it is, in bytes.
    start: usize,
    end: usize,
}

impl Mistake {
    fn read(line: &str) -> Option<Self> {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        let message = &line["message"];
        let spans = message["spans"].as_array()?;
        let span = spans.iter().find(|span| span["is_primary"] == true)?;
        let offset = |key: &str| usize::try_from(span[key].as_u64()?).ok();
        (message["level"] == "error").then_some(Self {
            example: line["target"]["name"].as_str()?.to_owned(),
            message: message["message"].as_str()?.to_owned(),
            start: offset("byte_start")?,
            end: offset("byte_end")?,
        })
    }

    /// The code in the help, if that is code for the place of the mistake and nothing else.
    fn correction(&self) -> Option<&str> {
        let (_, help) = self.message.split_once("\n  = help: ")?;
        let help = help.split("\n  = ").next()?;
        if ["remove it", "remove this one", "leave `"]
            .iter()
            .any(|start| help.starts_with(start))
        {
            return Some("");
        }
        let is_literals = help.starts_with('"') && help.ends_with('"') && !help.contains("\" ");
        let code = help.strip_prefix("did you mean ").unwrap_or(help);
        let code = code
            .strip_prefix('`')
            .and_then(|code| code.trim_end_matches('?').strip_suffix('`'));
        let code = if is_literals { Some(help) } else { code };
        code.filter(|code| !code.contains(['`', '…']))
    }
}

/// Each case of what the compiler refuses, corrected as its messages say.
#[test]
fn helps_are_pasted_until_no_message_is_left_that_has_one() {
    let probe = Package::new("helps", "fn main() {}");
    let examples = probe.folder.join("examples");
    let _ = fs::remove_dir_all(&examples);
    fs::create_dir(&examples).expect("a folder");
    let entries = |folder: &Path| {
        let entries = fs::read_dir(folder).expect("a folder");
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect::<Vec<_>>()
    };
    for folder in entries(Path::new("tests/ui")) {
        for case in entries(&folder) {
            if case.extension().is_some_and(|extension| extension == "rs") {
                let [folder, case_name] = [&folder, &case]
                    .map(|path| path.file_name().expect("a name").to_string_lossy());
                fs::copy(&case, examples.join(format!("{folder}_{case_name}"))).expect("a file");
            }
        }
    }
    let mut others = BTreeSet::new();
    let mut pasted = 0;
    for round in 0.. {
        let args = [
            "check",
            "--examples",
            "--keep-going",
            "--message-format=json",
        ];
        let output = probe.cargo(&args, &[]);
        let stdout = String::from_utf8_lossy(&output.stdout);
        let mistakes: Vec<_> = stdout.lines().filter_map(Mistake::read).collect();
        let mut corrections: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for mistake in &mistakes {
            let Mistake {
                example,
                message,
                start,
                end,
            } = mistake;
            let source =
                fs::read_to_string(examples.join(format!("{example}.rs"))).expect("a case");
            match mistake.correction() {
                // It is about the attribute as a whole.
                Some(_) if source[*start..].starts_with("#[") => {}
                Some(code) => {
                    assert!(round < 3, "{example}: {message}");
                    corrections
                        .entry(example)
                        .or_default()
                        .insert((*start, *end), code);
                }
                // Only the name of a sample may be unknown.
                None if message.starts_with("cannot find value `PARTNERS`")
                    || message.starts_with("cannot find value `TENANTS`") => {}
                // A new message of the compiler's own.
                None if !message.contains("= rule: ")
                    && others.insert((example.clone(), message.clone())) =>
                {
                    assert!(round == 0, "{example}: {message}\n{source}");
                }
                None => {}
            }
        }
        if corrections.is_empty() {
            break;
        }
        for (example, corrections) in corrections {
            let path = examples.join(format!("{example}.rs"));
            let mut source = fs::read_to_string(&path).expect("a case");
            for ((start, mut end), code) in corrections.into_iter().rev() {
                if code.is_empty() && source[end..].starts_with(", ") {
                    end += 2;
                }
                source.replace_range(start..end, code);
                pasted += 1;
            }
            fs::write(&path, source).expect("a file");
        }
    }
    assert!(pasted > 100, "{pasted}");
}
