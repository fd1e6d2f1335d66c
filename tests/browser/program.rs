//! Programs that the tests start.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

/// How long a program may take until it says that it is ready.
const READY: Duration = Duration::from_secs(30);

/// A running program and those it starts. They end with this value, and with the test, however that
/// ends.
pub(crate) struct Program {
    child: Child,
    guard: Child,
}

/// The output of a program.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    /// The lines since it was last asked.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Program {
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        Self::start_with(command, Stdio::null())
    }

    /// Starts a program, and keeps the lines that it prints as errors.
    pub(crate) fn start_heard(command: &mut Command) -> Result<(Self, Lines), String> {
        let mut program = Self::start_with(command, Stdio::piped())?;
        let output = program.child.stderr.take().ok_or("no output")?;
        let lines = Lines::default();
        let Lines(kept) = lines.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                kept.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(line);
            }
        });
        Ok((program, lines))
    }

    fn start_with(command: &mut Command, errors: Stdio) -> Result<Self, String> {
        let name = command.get_program().display().to_string();
        let fails = |error: std::io::Error| format!("{name}: {error}");
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .process_group(0)
            .spawn()
            .map_err(fails)?;
        // Its input ends when the test does, even if that is killed. Then it ends the group of the
        // program.
        let guard = Command::new("sh")
            .args(["-c", r#"read -r _; kill -s KILL -- "-$0""#])
            .arg(child.id().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(fails)?;
        Ok(Self { child, guard })
    }

    /// Reads what the program prints until `find` finds something in a line. The rest is read and
    /// dropped.
    pub(crate) fn wait_for<T: Send + 'static>(
        &mut self,
        what: &str,
        find: fn(&str) -> Option<T>,
    ) -> Result<T, String> {
        let output = self.child.stdout.take().ok_or("no output")?;
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(found) = find(&line) {
                    let _ = send.send(found);
                }
            }
        });
        receive
            .recv_timeout(READY)
            .map_err(|_| format!("no {what} in {} s", READY.as_secs()))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
        let _ = self.child.wait();
    }
}

/// Waits until a port of this machine is listened to.
pub(crate) async fn wait_for_port(port: u16) -> Result<(), String> {
    let listens = async {
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            actix_web::rt::time::sleep(Duration::from_millis(50)).await;
        }
    };
    actix_web::rt::time::timeout(READY, listens)
        .await
        .map_err(|_| format!("port {port} is not listened to in {} s", READY.as_secs()))
}

/// A port that is free now.
pub(crate) fn free_port() -> Result<u16, String> {
    std::net::TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|addr| addr.port())
        .map_err(|error| error.to_string())
}

/// Where a program is, if it is on this machine.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Servers, and what `cargo install` installs.
    let usual = [
        Some(PathBuf::from("/usr/sbin")),
        std::env::var_os("CARGO_HOME").map(|home| PathBuf::from(home).join("bin")),
        std::env::home_dir().map(|home| home.join(".cargo/bin")),
    ];
    std::env::split_paths(&path)
        .chain(usual.into_iter().flatten())
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}
