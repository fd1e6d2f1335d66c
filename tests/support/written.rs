//! The output of the loggers that applications use.

use std::io::{self, Write};
use std::sync::Mutex;

static BYTES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Where a logger writes to.
pub(crate) struct Written;

impl Written {
    /// The text since the last call.
    pub(crate) fn take() -> String {
        let bytes = std::mem::take(&mut *BYTES.lock().expect("no test panics with it"));
        String::from_utf8(bytes).expect("UTF-8")
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        BYTES.lock().expect("no test panics with it").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
