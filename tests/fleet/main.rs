//! The example for several instances: three of them, and a PostgreSQL that is frozen, killed,
//! started again and impersonated.
//!
//! Where no server is installed, the tests count as ignored, and say how to install it.

mod authority;
mod database;
#[allow(dead_code)] // its `main`
#[path = "../../examples/fleet/main.rs"]
mod fleet;
mod instance;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Trial};

use authority::Authority;
use database::{Database, signal};
use instance::{Clients, Instance, NEVER, allows};

const TABLE: &str = include_str!("../../examples/fleet/table.sql");

fn main() -> ExitCode {
    if let Some(code) = instance::run_if_started_as_one() {
        return code;
    }
    let tests: [(&str, fn()); 7] = [
        (
            "a_wrong_row_is_named_and_the_others_apply",
            a_wrong_row_is_named_and_the_others_apply,
        ),
        (
            "a_change_reaches_every_instance_and_no_request_asks_the_database",
            a_change_reaches_every_instance_and_no_request_asks_the_database,
        ),
        (
            "a_database_that_hangs_and_dies_costs_no_request_and_no_change",
            a_database_that_hangs_and_dies_costs_no_request_and_no_change,
        ),
        (
            "an_instance_serves_once_its_list_is_filled",
            an_instance_serves_once_its_list_is_filled,
        ),
        (
            "a_connection_that_is_dead_without_a_word_is_replaced",
            a_connection_that_is_dead_without_a_word_is_replaced,
        ),
        (
            "a_database_needs_a_certificate_for_its_name_from_a_trusted_authority",
            a_database_needs_a_certificate_for_its_name_from_a_trusted_authority,
        ),
        ("an_impostor_changes_no_list", an_impostor_changes_no_list),
    ];
    let mut args = Arguments::from_args();
    // One database at a time.
    args.test_threads = Some(1);
    let missing = database::missing();
    let trials = tests.map(|(name, run)| {
        let run = move || {
            run();
            Ok(())
        };
        Trial::test(name, run)
            .with_kind(missing.unwrap_or_default())
            .with_ignored_flag(missing.is_some())
    });
    libtest_mimic::run(&args, trials.into()).exit_code()
}

/// Waits until it is so.
///
/// # Panics
/// If it is not so after a time that is far too long.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    wait_until_within(Duration::from_secs(120), what, &mut is_so);
}

fn wait_until_within(limit: Duration, what: &str, is_so: &mut dyn FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < limit, "not in {limit:?}: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Three instances that get requests about these origins all the while.
struct Three {
    clients: Vec<Clients>,
    instances: Vec<Instance>,
}

impl Three {
    fn start(database: &Database, origins: &[&str]) -> Self {
        let instances: Vec<_> = (0..3).map(|_| Instance::start(database, NEVER)).collect();
        let clients = (instances.iter())
            .map(|instance| Clients::start(instance, origins))
            .collect();
        let three = Self { clients, instances };
        three.ask_again();
        three
    }

    /// Waits until each instance has answered about every origin a few times more.
    fn ask_again(&self) {
        self.clients.iter().for_each(Clients::ask_again);
    }

    /// Waits until each instance has had these answers about the origin, and no others.
    fn wait_for(&self, origin: &str, answers: &[bool]) {
        // It takes a second, and on a busy machine some more.
        let limit = Duration::from_secs(30);
        wait_until_within(limit, &format!("{origin}: {answers:?}"), &mut || {
            assert!(
                !self.clients.iter().any(Clients::has_failed),
                "a request failed"
            );
            self.clients.iter().all(|one| one.seen(origin) == answers)
        });
    }

    /// Checks that each instance has given these answers about the origin since its first request,
    /// and still does.
    fn check(&self, rows: &[(&str, &[bool])]) {
        self.ask_again();
        for clients in &self.clients {
            for (origin, answers) in rows {
                assert_eq!(clients.seen(origin), *answers, "{origin}");
            }
        }
    }

    /// Waits until the log of each instance has this many lines with these parts.
    fn wait_for_log(&self, count: usize, parts: &[&str]) {
        wait_until(&format!("in the log: {parts:?}"), || {
            (self.instances.iter()).all(|instance| instance.logged(parts) >= count)
        });
    }
}

fn a_wrong_row_is_named_and_the_others_apply() {
    let mut database = Database::create();
    database.start();
    database.sql(TABLE);
    database.sql(
        "INSERT INTO tenants VALUES
            ('https://shop.github.io', 'Shop'),
            ('https://*.github.io', 'Everyone'),
            ('http://films.example', 'Films'),
            (E'https://games.example\nforged', E'Games\nforged'),
            ('https://*.records.example', 'Records'),
            ('https://new.records.example', 'Records, again')",
    );
    let instance = Instance::start(&database, NEVER);
    wait_until("it serves", || instance.serves().is_some());
    for (origin, tenant, rule) in [
        (
            "http://films.example",
            "Films",
            "insecure_origin_with_credentials",
        ),
        (
            "https://games.example\nforged",
            "Games\nforged",
            "malformed_origin",
        ),
        (
            "https://*.github.io",
            "Everyone",
            "public_suffix_with_credentials",
        ),
        (
            "https://new.records.example",
            "Records, again",
            "covered_origin",
        ),
    ] {
        let parts = [
            "WARN",
            "refused a row",
            &format!("{origin:?}"),
            &format!("{tenant:?}"),
            rule,
        ];
        assert_eq!(instance.logged(&parts), 1, "{parts:?}");
    }
    assert_eq!(instance.logged(&["refused a row"]), 4);
    let forged = |line: &String| line.starts_with("forged");
    assert!(!instance.output().iter().any(forged));

    let addr = instance.serves().expect("it serves");
    for (origin, allowed) in [
        ("https://www.example.com", true),
        ("https://books.example", true),
        // The wrong pattern would have covered it.
        ("https://shop.github.io", true),
        ("https://stranger.github.io", false),
        ("http://films.example", false),
        ("https://games.example", false),
        ("https://old.records.example", true),
        // Refused as redundant, and allowed by the row that covers it.
        ("https://new.records.example", true),
    ] {
        assert_eq!(allows(addr, origin), allowed, "{origin}");
    }

    // Mended, it applies.
    database.sql("UPDATE tenants SET origin = 'https://films.example' WHERE name = 'Films'");
    wait_until("the row applies", || allows(addr, "https://films.example"));
    database.sql("DELETE FROM tenants WHERE name = 'Records'");
    wait_until("the row is gone", || {
        !allows(addr, "https://old.records.example")
    });
    assert!(
        allows(addr, "https://new.records.example"),
        "it is needed now"
    );
}

fn a_change_reaches_every_instance_and_no_request_asks_the_database() {
    let mut database = Database::create();
    database.start();
    database.sql(TABLE);
    let three = Three::start(
        &database,
        &[
            "https://www.example.com",
            "https://books.example",
            "https://maps.example",
            "https://atlas.example",
            "https://tours.example",
            "https://bulk99.example",
            "https://stranger.example",
            "https://rolled-back.example",
        ],
    );
    let (yes, no): (&[bool], &[bool]) = (&[true], &[false]);
    three.check(&[
        ("https://www.example.com", yes),
        ("https://books.example", yes),
        ("https://maps.example", no),
        ("https://stranger.example", no),
    ]);

    // Requests come all the while, and the last query of each instance is that of its start.
    let queries = "SELECT pid, query_start FROM pg_stat_activity
        WHERE application_name LIKE 'instance%' ORDER BY pid";
    let before = database.sql(queries);
    assert_eq!(before.len(), 3, "a connection for each instance");
    three.ask_again();
    assert_eq!(database.sql(queries), before);

    database.sql("INSERT INTO tenants VALUES ('https://maps.example', 'Maps')");
    three.wait_for("https://maps.example", &[false, true]);
    database.sql("UPDATE tenants SET origin = 'https://atlas.example' WHERE name = 'Maps'");
    three.wait_for("https://atlas.example", &[false, true]);
    three.wait_for("https://maps.example", &[false, true, false]);
    database.sql(
        "BEGIN;
INSERT INTO tenants VALUES ('https://rolled-back.example', 'Back');
ROLLBACK;
INSERT INTO tenants VALUES ('https://tours.example', 'Tours');
DELETE FROM tenants WHERE name = 'Maps'",
    );
    three.wait_for("https://tours.example", &[false, true]);
    three.wait_for("https://atlas.example", &[false, true, false]);
    // Many changes at once.
    let bulk =
        (0..100).map(|i| format!("INSERT INTO tenants VALUES ('https://bulk{i}.example', '')"));
    database.sql(&bulk.collect::<Vec<_>>().join(";\n"));
    three.wait_for("https://bulk99.example", &[false, true]);
    database.sql("TRUNCATE tenants");
    let (ended, passed): (&[bool], &[bool]) = (&[true, false], &[false, true, false]);
    three.wait_for("https://books.example", ended);
    three.check(&[
        ("https://www.example.com", yes),
        ("https://books.example", ended),
        ("https://maps.example", passed),
        ("https://atlas.example", passed),
        ("https://tours.example", passed),
        ("https://bulk99.example", passed),
        ("https://stranger.example", no),
        ("https://rolled-back.example", no),
    ]);
}

fn a_database_that_hangs_and_dies_costs_no_request_and_no_change() {
    let mut database = Database::create();
    database.start();
    database.sql(TABLE);
    database.sql("INSERT INTO tenants VALUES ('https://leaves.example', 'Leaves')");
    let three = Three::start(
        &database,
        &[
            "https://books.example",
            "https://stranger.example",
            "https://leaves.example",
            "https://untold.example",
            "https://away.example",
            "https://after.example",
        ],
    );
    let (yes, no): (&[bool], &[bool]) = (&[true], &[false]);
    let as_before = [
        ("https://books.example", yes),
        ("https://stranger.example", no),
        ("https://leaves.example", yes),
        ("https://untold.example", no),
        ("https://away.example", no),
        ("https://after.example", no),
    ];
    three.check(&as_before);

    // The notifications hang, the table changes, and then the whole database hangs.
    let backends = database.backends();
    assert_eq!(backends.len(), 3, "a connection for each instance");
    signal("STOP", &backends);
    database.sql(
        "INSERT INTO tenants VALUES ('https://untold.example', 'Untold');
DELETE FROM tenants WHERE name = 'Leaves'",
    );
    signal("STOP", &[database.process()]);
    three.check(&as_before);

    // It dies, and nobody was told of the change.
    database.kill(&backends);
    three.wait_for_log(1, &["WARN", "lost the database, the list stays as it is"]);
    three.wait_for_log(
        2,
        &["WARN", "cannot reach the database, the list stays as it is"],
    );
    three.check(&as_before);

    // The table changes again while no instance can reach it.
    database.change_unseen("INSERT INTO tenants VALUES ('https://away.example', 'Away')");
    three.check(&as_before);
    database.start();
    three.wait_for_log(2, &["connected to the database"]);
    three.wait_for("https://untold.example", &[false, true]);
    three.wait_for("https://away.example", &[false, true]);
    three.wait_for("https://leaves.example", &[true, false]);

    // They are told of changes again.
    database.sql("INSERT INTO tenants VALUES ('https://after.example', 'After')");
    three.wait_for("https://after.example", &[false, true]);
    three.check(&[
        ("https://books.example", yes),
        ("https://stranger.example", no),
        ("https://leaves.example", &[true, false]),
        ("https://untold.example", &[false, true]),
        ("https://away.example", &[false, true]),
        ("https://after.example", &[false, true]),
    ]);
}

fn an_instance_serves_once_its_list_is_filled() {
    let mut database = Database::create();
    let instance = Instance::start(&database, NEVER);
    let fails = |parts: &[&str]| {
        wait_until(&format!("in the log: {parts:?}"), || {
            instance.logged(parts) >= 2
        });
        assert_eq!(instance.serves(), None, "no list is there yet");
    };
    fails(&["cannot reach the database"]);
    database.start();
    fails(&[
        "cannot reach the database",
        r#"relation "tenants" does not exist"#,
    ]);
    database.sql(&format!("BEGIN;\n{TABLE}\nCOMMIT"));
    wait_until("it serves", || instance.serves().is_some());
    let addr = instance.serves().expect("it serves");
    assert!(allows(addr, "https://books.example"), "its first request");
    assert!(!allows(addr, "https://stranger.example"));
}

fn a_connection_that_is_dead_without_a_word_is_replaced() {
    let mut database = Database::create();
    database.start();
    database.sql(TABLE);
    let instance = Instance::start(&database, Duration::from_secs(1));
    wait_until("it serves", || instance.serves().is_some());
    let addr = instance.serves().expect("it serves");
    let backends = database.backends();
    let sockets = instance.sockets();
    signal("STOP", &backends);
    database.sql("INSERT INTO tenants VALUES ('https://untold.example', 'Untold')");
    wait_until("it is told over another connection", || {
        allows(addr, "https://untold.example")
    });
    assert_eq!(instance.logged(&["lost the database"]), 1);
    wait_until("the dead connection is given up", || {
        instance.sockets() == sockets
    });
    signal("CONT", &backends);
    wait_until("the old connection ends", || {
        let now = database.backends();
        now.len() == 1 && now != backends
    });
}

/// A database with a certificate of the first of two authorities, and an instance that trusts that
/// one.
fn over_tls() -> (Database, Authority, Authority, Instance) {
    let mut database = Database::create();
    let trusted = Authority::create(&database.folder, "trusted");
    let other = Authority::create(&database.folder, "other");
    database.listen_on_tcp(Some(&trusted.issue("db.example")));
    database.start();
    database.sql(TABLE);
    let instance = Instance::start_at(&database.address_of("db.example"), NEVER, &trusted.file);
    wait_until("it serves", || instance.serves().is_some());
    (database, trusted, other, instance)
}

fn a_database_needs_a_certificate_for_its_name_from_a_trusted_authority() {
    let (database, trusted, other, instance) = over_tls();
    let address = database.address_of("db.example");
    let addr = instance.serves().expect("it serves");
    assert!(allows(addr, "https://books.example"));
    let over_tls = "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
        WHERE application_name LIKE 'instance%'";
    assert_eq!(database.sql(over_tls), ["t"]);
    drop(instance);

    let missing = database.folder.join("missing.pem");
    for (address, authorities, error) in [
        (
            database.address_of("other.example"),
            &trusted.file,
            "certificate not valid for name",
        ),
        // The certificate is for a name, and not for the address.
        (
            database.address_of("127.0.0.1"),
            &trusted.file,
            "certificate not valid for name",
        ),
        (
            address.replace("host=db.example ", ""),
            &trusted.file,
            "no hostname provided for TLS handshake",
        ),
        (address.clone(), &other.file, "UnknownIssuer"),
        (
            format!("{address} sslmode=prefer"),
            &other.file,
            "UnknownIssuer",
        ),
        (address.clone(), &missing, "no authority to trust"),
    ] {
        let instance = Instance::start_at(&address, NEVER, authorities);
        wait_until(&format!("{address}: {error}"), || {
            assert_eq!(instance.serves(), None, "{address}");
            instance.logged(&["cannot reach the database", error]) >= 2
        });
    }
}

fn an_impostor_changes_no_list() {
    let (mut database, trusted, other, instance) = over_tls();
    let addr = instance.serves().expect("it serves");
    database.sql("INSERT INTO tenants VALUES ('https://impostor.example', 'Impostor')");
    wait_until("a row of the database applies", || {
        allows(addr, "https://impostor.example")
    });
    database.sql("DELETE FROM tenants WHERE name = 'Impostor'");
    wait_until("it is gone", || !allows(addr, "https://impostor.example"));

    // A server with that row, at the address of the database.
    let stranger = other.issue("db.example");
    let elsewhere = trusted.issue("elsewhere.example");
    for (certificate, error) in [
        (Some(&stranger), "UnknownIssuer"),
        (Some(&elsewhere), "certificate not valid for name"),
        (None, "server does not support TLS"),
    ] {
        database.stop();
        database.listen_on_tcp(certificate);
        database.start();
        database.sql(
            "INSERT INTO tenants VALUES ('https://impostor.example', 'Impostor')
            ON CONFLICT DO NOTHING",
        );
        wait_until(error, || {
            assert!(!allows(addr, "https://impostor.example"), "{error}");
            assert!(allows(addr, "https://books.example"), "{error}");
            instance.logged(&["cannot reach the database", error]) >= 2
        });
    }

    // The instance would have taken the row.
    database.stop();
    database.listen_on_tcp(Some(&trusted.issue("db.example")));
    database.start();
    wait_until("the row applies", || {
        allows(addr, "https://impostor.example")
    });
}
