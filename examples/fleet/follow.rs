//! Keeps an [`Allowlist`] in step with a table in PostgreSQL.

use std::error::Error;
use std::future::poll_fn;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use actix_web::rt::time::{sleep, timeout};
use cors_runtime::{Allowlist, Place, Violation};
use tokio::sync::mpsc;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::TlsStream;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

/// The database has failed if it takes longer than this to respond.
const LIMIT: Duration = Duration::from_secs(5);

/// The first notification waits this long for more, so that many changes at once are read once.
const GATHER: Duration = Duration::from_millis(100);

/// The pause before connecting, in milliseconds. It doubles with each failure in a row, up to the
/// second value.
const PAUSE: (u64, u64) = (100, 5_000);

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Fills the list, however long that takes, and returns. From then on, a task keeps it up to date.
///
/// Connect to the primary, and not through a pooler that shares connections between transactions:
/// neither a standby nor such a pooler delivers notifications. The table is also read every
/// `check`, in case a notification is lost or the connection dies silently.
pub(crate) async fn follow(database: Config, list: &'static Allowlist, check: Duration) {
    let mut follower = Follower {
        database,
        list,
        rows: None,
    };
    let mut listener = follower.connect().await;
    actix_web::rt::spawn(async move {
        loop {
            let error = match follower.wait_and_read(&mut listener, check).await {
                Ok(()) => continue,
                Err(error) => error,
            };
            tracing::warn!(
                error = &*error as &(dyn Error + 'static),
                "lost the database, the list stays as it is"
            );
            drop(listener);
            listener = follower.connect().await;
        }
    });
}

struct Follower {
    database: Config,
    list: &'static Allowlist,
    /// The rows that the list was made of.
    rows: Option<Vec<Row>>,
}

#[derive(PartialEq, Eq)]
struct Row {
    origin: String,
    tenant: String,
}

impl Follower {
    /// Tries until it is connected and the list matches the table.
    async fn connect(&mut self) -> Listener {
        let mut pause = PAUSE.0;
        loop {
            // Half of it is random. Otherwise, all instances would come back at the same moment.
            sleep(Duration::from_millis(pause / 2 + random() % (pause / 2))).await;
            match self.try_to_connect().await {
                Ok(listener) => {
                    tracing::info!("connected to the database");
                    return listener;
                }
                Err(error) => tracing::warn!(
                    error = &*error as &(dyn Error + 'static),
                    "cannot reach the database, the list stays as it is"
                ),
            }
            pause = PAUSE.1.min(pause * 2);
        }
    }

    async fn try_to_connect(&mut self) -> Result<Listener> {
        let listener = timeout(LIMIT, Listener::open(&self.database)).await??;
        self.apply(listener.read().await?);
        Ok(listener)
    }

    async fn wait_and_read(&mut self, listener: &mut Listener, check: Duration) -> Result<()> {
        // If the time is up, reading tells whether the connection is alive.
        if let Ok(changed) = timeout(check, listener.changed()).await {
            changed?;
        }
        self.apply(listener.read().await?);
        Ok(())
    }

    /// Fills the list from the rows that follow the rules, and names the others in the log.
    fn apply(&mut self, rows: Vec<Row>) {
        if self.rows.as_ref() == Some(&rows) {
            return;
        }
        // Each row alone first. A wrong pattern covers right origins, which would count as
        // redundant.
        let mut right = Vec::new();
        for row in &rows {
            match Allowlist::new().set([&row.origin]) {
                Ok(()) => right.push(row),
                Err(violations) => violations
                    .iter()
                    .for_each(|violation| refuse(row, violation)),
            }
        }
        let set = |rows: &[&Row]| self.list.set(rows.iter().map(|row| &row.origin));
        let mut result = set(&right);
        if let Err(violations) = &result {
            // What is left is redundant, so nothing is lost without it.
            for violation in violations {
                if let Place::Origin(i) = violation.place {
                    refuse(right[i], violation);
                }
            }
            let redundant = |i| violations.iter().any(|v| v.place == Place::Origin(i));
            let needed: Vec<_> = (right.iter().enumerate())
                .filter_map(|(i, row)| (!redundant(i)).then_some(*row))
                .collect();
            result = set(&needed);
        }
        match result {
            Ok(()) => tracing::info!(rows = rows.len(), "the list is as the table"),
            Err(violations) => tracing::error!(?violations, "the list stays as it is"),
        }
        self.rows = Some(rows);
    }
}

/// Names a row that is not in the list. Its text is escaped, so that it cannot forge lines.
fn refuse(row: &Row, violation: &Violation) {
    tracing::warn!(
        origin = ?row.origin,
        tenant = ?row.tenant,
        rule = %violation.rule,
        "refused a row: {}",
        violation.what
    );
}

/// A random number: each `RandomState` has keys of its own.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// A connection that is told of changes to the table.
struct Listener {
    client: Client,
    /// It has room for one message, because one is enough to read the table again. It closes with
    /// the connection.
    changes: mpsc::Receiver<()>,
    connection: JoinHandle<Result<()>>,
}

impl Listener {
    /// Connects over TLS, unless the connection string has `sslmode=disable`.
    async fn open(database: &Config) -> Result<Self> {
        if database.get_ssl_mode() == SslMode::Disable {
            return Self::listen(database.connect(NoTls).await?).await;
        }
        let mut database = database.clone();
        // With `prefer`, the default, a server that claims to have no TLS would get a connection
        // without.
        database.ssl_mode(SslMode::Require);
        Self::listen(database.connect(tls()?).await?).await
    }

    async fn listen(
        (client, mut connection): (Client, Connection<Socket, impl TlsStream + Unpin + 'static>),
    ) -> Result<Self> {
        let (sender, changes) = mpsc::channel(1);
        let connection = actix_web::rt::spawn(async move {
            while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
                if let AsyncMessage::Notification(_) = message? {
                    let _ = sender.try_send(());
                }
            }
            Ok(())
        });
        let listener = Self {
            client,
            changes,
            connection,
        };
        // Before the table is read for the first time: no change falls between the two.
        listener.client.batch_execute("LISTEN tenants").await?;
        Ok(listener)
    }

    /// Waits for a change, and for others that come with it.
    async fn changed(&mut self) -> Result<()> {
        if self.changes.recv().await.is_none() {
            (&mut self.connection).await??;
            return Err("the connection is closed".into());
        }
        sleep(GATHER).await;
        // From here on, a change counts as a new one.
        let _ = self.changes.try_recv();
        Ok(())
    }

    async fn read(&self) -> Result<Vec<Row>> {
        let query = "SELECT origin, name FROM tenants ORDER BY origin";
        let rows = timeout(LIMIT, self.client.query(query, &[])).await??;
        let rows = rows.iter().map(|row| {
            Ok(Row {
                origin: row.try_get(0)?,
                tenant: row.try_get(1)?,
            })
        });
        rows.collect()
    }
}

/// Accepts a certificate only for the name of the host, and from an authority that this machine
/// trusts.
///
/// Each connection reads the authorities again, so a change to them needs no restart. In an app
/// with more than one provider of cryptography, install one first: rustls panics if it has to
/// choose.
fn tls() -> Result<MakeRustlsConnect> {
    match MakeRustlsConnect::with_native_certs() {
        Ok((tls, _)) => Ok(tls),
        Err(errors) => Err(format!("no authority to trust: {errors:?}").into()),
    }
}

impl Drop for Listener {
    /// Otherwise, the connection would wait for what the database still owes it.
    fn drop(&mut self) {
        self.connection.abort();
    }
}
