//! Authorities of the test's own, and the certificates that they issue.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// True if OpenSSL is missing on this machine.
pub(crate) fn is_missing() -> bool {
    let mut command = Command::new("openssl");
    let status = command.arg("version").stdout(Stdio::null()).status();
    !status.is_ok_and(|status| status.success())
}

/// An authority, in files that are named after it.
pub(crate) struct Authority {
    /// Its certificate, for clients that trust it.
    pub(crate) file: PathBuf,
    key: PathBuf,
}

/// The certificate of a server.
pub(crate) struct Certificate {
    pub(crate) file: PathBuf,
    pub(crate) key: PathBuf,
}

impl Authority {
    pub(crate) fn create(folder: &Path, name: &str) -> Self {
        let [file, key] = ["pem", "key"].map(|end| folder.join(name).with_extension(end));
        run(
            r#"openssl req -x509 $NEW -days 2 -subj "/CN=$0" -out "$1" -keyout "$2""#,
            &[name.as_ref(), &file, &key],
        );
        Self { file, key }
    }

    /// A certificate for a server of this name.
    pub(crate) fn issue(&self, host: &str) -> Certificate {
        let [file, key] = ["pem", "key"].map(|end| {
            let authority = self.file.with_extension("");
            PathBuf::from(format!("{}-{host}.{end}", authority.display()))
        });
        run(
            r#"openssl req $NEW -subj "/CN=$0" -addext "subjectAltName=DNS:$0" -keyout "$2" |
                openssl x509 -req -copy_extensions copy -days 2 -CA "$3" -CAkey "$4" -out "$1""#,
            &[host.as_ref(), &file, &key, &self.file, &self.key],
        );
        Certificate { file, key }
    }
}

/// Runs a script, in which `$NEW` stands for a new key that is not encrypted.
fn run(script: &str, args: &[&Path]) {
    let output = Command::new("sh")
        .arg("-c")
        .arg(script)
        .args(args)
        .env("NEW", "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes")
        .stdin(Stdio::null())
        .output()
        .expect("sh runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {said}");
}
