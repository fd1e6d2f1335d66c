//! The attribute in an editor: rust-analyzer renames, finds definitions and shows mistakes, and
//! sees a macro's output only by the spans of its tokens.
//!
//! Where rust-analyzer or the sources of the standard library are missing, the tests count as
//! ignored, and say how to install them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};

/// Each name in it stands for one thing only.
const SOURCE: &str = r#"//! An app.
use actix_web::{App, HttpRequest, Responder, get, post, routes, web};
use cors_runtime::{Allowlist, ConfiguredPolicy, Policy, cors, policy};

/// A list.
pub static TENANTS: Allowlist = Allowlist::new();
/// A policy.
pub static PARTNERS: Policy = policy!(origins = ["https://partner.example", TENANTS], max_age = 600);
/// A policy with a base.
pub static FRIENDS: Policy = policy!(max_age = 5, ..PARTNERS);
/// A policy that is set at run time.
pub static API: ConfiguredPolicy = ConfiguredPolicy::new();
/// The same, to be shared.
pub static REST: Policy = policy!(configured = crate::API);

/// A policy in a module.
pub mod policies {
    use super::{Policy, policy};
    /// A policy.
    pub static INNER: Policy = policy!(origins = ["https://inner.example"]);
}

#[cors(origins = ["https://app.example.com", TENANTS], dev_origins = ["http://localhost:3000"])]
#[get("/me")]
async fn read_me(req: HttpRequest) -> impl Responder {
    req.path().to_owned()
}

#[cors(PARTNERS)]
#[routes]
#[get("/p")]
#[post("/p")]
async fn partners() -> &'static str {
    ""
}

#[cors(expose_headers = ["x-total"], ..PARTNERS)]
#[get("/orders")]
async fn orders() -> &'static str {
    ""
}

#[cors(crate::policies::INNER)]
#[get("/inner")]
async fn inner() -> &'static str {
    ""
}

#[cors(configured = crate::API)]
#[get("/configured")]
async fn configured() -> &'static str {
    ""
}

#[cors(configured = API, methods = ["GET"])]
async fn by_hand() -> &'static str {
    ""
}

#[cors(configured = API)]
mod configured_module {
    use super::get;

    #[get("/configured/module")]
    pub async fn in_module() -> &'static str {
        ""
    }
}

#[cors(origins = ["https://app.example.com"], methods = ["PUT"], allow_headers = ["content-type"])]
async fn save(name: web::Json<String>) -> String {
    format!("saved {name}")
}

#[cors(PARTNERS, methods = ["GET"])]
async fn generic<T: ToString + 'static>(d: web::Data<T>) -> String {
    d.to_string()
}

#[cors(PARTNERS)]
mod api {
    use super::get;

    #[get("/api/covered")]
    pub async fn covered() -> &'static str {
        ""
    }
}

fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(read_me)
        .service(partners)
        .service(orders)
        .service(inner)
        .service(save::at("/save"))
        .service(generic::at::<u8>("/generic"))
        .service(api::covered)
        .service(configured)
        .service(by_hand::at("/configured/by-hand"))
        .service(configured_module::in_module)
        .route("/by-hand", web::put().to(String::new));
}

fn main() {
    let _ = App::new().configure(configure);
    let _ = (read_me::POLICY, save::POLICY, &FRIENDS, &REST);
}
"#;

/// A name, and the text in front of its definition.
const DEFINITIONS: [(&str, &str); 9] = [
    ("TENANTS", "static "),
    ("PARTNERS", "static "),
    ("INNER", "static "),
    ("API", "static "),
    ("read_me", "fn "),
    ("partners", "fn "),
    ("save", "fn "),
    ("generic", "fn "),
    ("covered", "fn "),
];

fn main() -> ExitCode {
    type Test = fn(&mut Editor);

    let missing = missing();
    let tests: [(&str, Test); 3] = [
        ("a_rename_changes_each_use_and_nothing_else", renames),
        ("a_use_leads_to_its_definition", definitions),
        ("a_correct_crate_has_no_mistakes", no_mistakes),
    ];
    let trials = tests.map(|(name, test)| {
        let run = move || {
            test(&mut Editor::open(name));
            Ok::<_, Failed>(())
        };
        Trial::test(name, run)
            .with_kind(missing)
            .with_ignored_flag(!missing.is_empty())
    });
    let mut args = Arguments::from_args();
    // They use one folder of what is built, and much memory.
    args.test_threads = Some(1);
    libtest_mimic::run(&args, trials.into()).exit_code()
}

/// How to install what is missing.
fn missing() -> &'static str {
    let succeeds = |command: &mut Command| {
        let output = command.stderr(Stdio::null()).output().ok();
        output.filter(|output| output.status.success())
    };
    let has_editor = succeeds(Command::new("rust-analyzer").arg("--version")).is_some();
    let sysroot = succeeds(Command::new("rustc").args(["--print", "sysroot"]));
    let has_sources = sysroot.is_some_and(|output| {
        let sysroot = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Path::new(&sysroot)
            .join("lib/rustlib/src/rust/library")
            .exists()
    });
    match (has_editor, has_sources) {
        (true, true) => "",
        _ => "rustup component add rust-analyzer rust-src",
    }
}

fn renames(editor: &mut Editor) {
    let mut wrong = String::new();
    for (name, before) in DEFINITIONS {
        for offset in uses(name) {
            let answer = editor.ask(
                "textDocument/rename",
                &json!({ "newName": "renamed", "position": position(offset) }),
            );
            let expected = replaced(name, "renamed");
            let found = match answer.get("result") {
                Some(edit) => renamed(edit),
                None => answer["error"]["message"].to_string(),
            };
            if found != expected {
                let line = line(offset);
                let _ = writeln!(
                    wrong,
                    "`{name}` in line {line} (defined by `{before}`):\n{}",
                    difference(&expected, &found)
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn definitions(editor: &mut Editor) {
    let mut wrong = String::new();
    for (name, before) in DEFINITIONS {
        let defined = SOURCE
            .find(&format!("{before}{name}"))
            .expect("a definition")
            + before.len();
        for offset in uses(name).into_iter().filter(|offset| *offset != defined) {
            let answer = editor.ask(
                "textDocument/definition",
                &json!({ "position": position(offset) }),
            );
            let targets = answer["result"].as_array().cloned().unwrap_or_default();
            let places: std::collections::BTreeSet<_> = (targets.iter())
                .map(|target| target["targetSelectionRange"]["start"].to_string())
                .collect();
            if !places.iter().eq([&position(defined).to_string()]) {
                let _ = writeln!(wrong, "`{name}` in line {}: {places:?}", line(offset));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn no_mistakes(editor: &mut Editor) {
    let answer = editor.ask("textDocument/diagnostic", &json!({}));
    let items = &answer["result"]["items"];
    assert!(items.is_array(), "{answer:#}");
    assert_eq!(*items, json!([]), "{items:#}");
}

/// The offsets of a name.
fn uses(name: &str) -> Vec<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let of_name = |&(offset, _): &(usize, &str)| {
        let (before, after) = (&SOURCE[..offset], &SOURCE[offset + name.len()..]);
        // Not in a path such as `"/save"`.
        !before.ends_with(|c| is_part(c) || c == '/' || c == '"')
            && !after.starts_with(|c| is_part(c) || c == '"')
            && !after.starts_with("d {")
    };
    (SOURCE.match_indices(name).filter(of_name))
        .map(|(offset, _)| offset)
        .collect()
}

/// The source with another name in each place.
fn replaced(name: &str, new: &str) -> String {
    let mut text = SOURCE.to_owned();
    for offset in uses(name).into_iter().rev() {
        text.replace_range(offset..offset + name.len(), new);
    }
    text
}

/// The lines that differ.
fn difference(expected: &str, found: &str) -> String {
    let pairs = expected.lines().zip(found.lines());
    let lines: Vec<_> = pairs
        .filter(|(expected, found)| expected != found)
        .map(|(expected, found)| format!("  - {expected}\n  + {found}"))
        .collect();
    lines.join("\n")
}

/// The 1-based line of an offset.
fn line(offset: usize) -> usize {
    SOURCE[..offset].matches('\n').count() + 1
}

fn position(offset: usize) -> Value {
    let before = &SOURCE[..offset];
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    json!({ "line": line(offset) - 1, "character": offset - start })
}

/// The source after an edit. It is ASCII, so columns are bytes.
fn renamed(edit: &Value) -> String {
    let starts: Vec<_> = std::iter::once(0)
        .chain(SOURCE.match_indices('\n').map(|(end, _)| end + 1))
        .collect();
    let offset = |position: &Value| {
        let number = |key: &str| usize::try_from(position[key].as_u64().unwrap_or(0)).unwrap_or(0);
        starts[number("line")] + number("character")
    };
    let mut changes = BTreeMap::new();
    let by_document = edit["documentChanges"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let by_file = edit["changes"].as_object().into_iter().flatten();
    let edits = (by_document.iter().map(|document| &document["edits"]))
        .chain(by_file.map(|(_, edits)| edits));
    for edit in edits.filter_map(Value::as_array).flatten() {
        let range = (
            offset(&edit["range"]["start"]),
            offset(&edit["range"]["end"]),
        );
        changes.insert(range, edit["newText"].as_str().unwrap_or("").to_owned());
    }
    let mut text = SOURCE.to_owned();
    for ((start, end), new) in changes.into_iter().rev() {
        text.replace_range(start..end, &new);
    }
    text
}

/// rust-analyzer, with a package that has [`SOURCE`].
struct Editor {
    program: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    main: PathBuf,
    requests: u64,
}

impl Editor {
    fn open(test: &str) -> Self {
        let folder = package(test);
        let mut program = Command::new("rust-analyzer")
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("rust-analyzer starts");
        let input = program.stdin.take().expect("its input");
        let output = BufReader::new(program.stdout.take().expect("its output"));
        let main = folder.join("src/main.rs");
        let mut editor = Self {
            program,
            input,
            output,
            main,
            requests: 0,
        };
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor/target");
        editor.request(
            "initialize",
            &json!({
                "processId": null,
                "rootUri": format!("file://{}", folder.display()),
                "capabilities": {
                    "textDocument": {
                        "definition": { "linkSupport": true },
                        "diagnostic": {},
                    },
                    "experimental": { "serverStatusNotification": true },
                },
                "initializationOptions": {
                    "checkOnSave": false,
                    "cargo": { "targetDir": target, "allTargets": false },
                    "cachePriming": { "enable": false },
                },
            }),
        );
        editor.notify("initialized", &json!({}));
        editor.notify(
            "textDocument/didOpen",
            &json!({ "textDocument": {
                "uri": editor.uri(), "languageId": "rust", "version": 1, "text": SOURCE,
            } }),
        );
        // Only then are the macros built.
        editor.read_until(|message| {
            message["method"] == "experimental/serverStatus"
                && message["params"]["quiescent"] == true
        });
        editor
    }

    fn uri(&self) -> String {
        format!("file://{}", self.main.display())
    }

    /// Asks about the source.
    fn ask(&mut self, method: &str, params: &Value) -> Value {
        let mut params = params.clone();
        params["textDocument"] = json!({ "uri": self.uri() });
        self.request(method, &params)
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.read_until(|message| message["id"] == id && message.get("method").is_none())
    }

    fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("it reads");
        self.input.flush().expect("it reads");
    }

    fn read_until(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.read();
            if is_it(&message) {
                return message;
            }
            if let (Some(id), Some(_)) = (message.get("id"), message.get("method")) {
                self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
            }
        }
    }

    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).expect("a header");
            assert!(!line.is_empty(), "rust-analyzer ended");
            if let Some(number) = line.trim().strip_prefix("Content-Length: ") {
                length = number.parse().expect("a length");
            } else if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).expect("a body");
        serde_json::from_slice(&body).expect("JSON")
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// A package of its own.
fn package(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("editor")
        .join(test);
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir_all(folder.join("src")).expect("a folder");
    let manifest = format!(
        "[workspace]\n[package]\nname = \"edited\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [dependencies]\nactix-web = {{ version = \"4.15\", default-features = false, features = [\"macros\"] }}\n\
         cors-runtime = {{ path = \"{}\" }}\n",
        workspace.join("cors-runtime").display(),
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("a file");
    // The same versions as here, which are on this machine already.
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a file");
    fs::write(folder.join("src/main.rs"), SOURCE).expect("a file");
    folder
}
