//! The example as a process of its own.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::example;

/// Set if this program is the server and not the test: the file of its settings.
const FILE: &str = "CORS_CONFIGURED_TEST_FILE";

/// Runs the example, if this program was started by [`start`].
pub(crate) fn run_if_started_as_one() -> Option<ExitCode> {
    let file = std::env::var(FILE).ok()?;
    // The input ends with the test, however that ends.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(101);
    });
    Some(actix_web::rt::System::new().block_on(example::run(&file)))
}

/// A file that is deleted with this value.
struct TemporaryFile(PathBuf);

impl TemporaryFile {
    fn new(text: &[u8]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "server-{}-{}.toml",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, text).expect("a file");
        Self(path)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A server that runs; it ends with this value.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: String,
    /// Open, since the server has more to print.
    _stdout: BufReader<ChildStdout>,
    _file: Option<TemporaryFile>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The outcome of starting a server.
pub(crate) enum Started {
    Serves(Server),
    /// It has an exit code, and what it wrote to standard error.
    Stopped(i32, String),
}

/// Starts the server with a file of this text, and with these variables.
pub(crate) fn start(text: &[u8], variables: &[(&str, &OsStr)]) -> Started {
    let file = TemporaryFile::new(text);
    let path = file.0.to_str().expect("UTF-8").to_owned();
    start_with(&path, Some(file), variables)
}

/// Starts the server with the file at this path.
pub(crate) fn start_at(path: &str) -> Started {
    start_with(path, None, &[])
}

fn start_with(path: &str, file: Option<TemporaryFile>, variables: &[(&str, &OsStr)]) -> Started {
    let mut process = Command::new(std::env::current_exe().expect("a program"))
        .env(FILE, path)
        .env("SERVER__PORT", "0")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this program runs");
    let mut stdout = BufReader::new(process.stdout.take().expect("it is piped"));
    let lines = stdout.by_ref().lines();
    for line in lines.map_while(Result::ok) {
        let url = line.strip_prefix("Serving http://");
        if let Some((address, _)) = url.and_then(|url| url.split_once(',')) {
            return Started::Serves(Server {
                process,
                address: address.to_owned(),
                _stdout: stdout,
                _file: file,
            });
        }
    }
    let mut said = String::new();
    let stderr = process.stderr.as_mut().expect("it is piped");
    stderr.read_to_string(&mut said).expect("text");
    let status = process.wait().expect("it ends");
    Started::Stopped(status.code().expect("no signal"), said)
}

/// The exit code and the message of a server that must not start.
pub(crate) fn refused(text: &[u8], variables: &[(&str, &OsStr)]) -> String {
    match start(text, variables) {
        Started::Serves(_) => panic!(
            "it serves with {:?} {variables:?}",
            String::from_utf8_lossy(text)
        ),
        Started::Stopped(code, said) => {
            assert_eq!(code, 1, "{said}");
            assert!(said.starts_with("the server cannot start: "), "{said}");
            said
        }
    }
}
