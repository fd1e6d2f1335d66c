//! The playground shows what its handlers do.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::engine::Engine;
use crate::program::Program;
use crate::world::{Case, Need, Verdict, World, expect};

const NEEDS: &[Need] = &[Need::Playground];

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "the playground shows what its handlers do",
        needs: NEEDS,
        run: |world| Box::pin(world.handlers()),
    },
    Case {
        name: "the playground answers its questions",
        needs: NEEDS,
        run: |world| Box::pin(world.questions()),
    },
    Case {
        name: "the playground judges a policy that somebody writes",
        needs: NEEDS,
        run: |world| Box::pin(world.written()),
    },
    Case {
        name: "the playground goes to its own name",
        needs: NEEDS,
        run: |world| Box::pin(world.detour()),
    },
];

/// Starts the playground, and gives its address.
pub(crate) fn start() -> Result<(Program, String), String> {
    let mut program = Program::start(Command::new(build()?).arg("0"))?;
    let url = program.wait_for("address of the playground", |line| {
        let url = line.split(' ').find(|word| word.starts_with("http://"))?;
        Some(url.to_owned())
    })?;
    Ok((program, url))
}

impl World<'_> {
    async fn open_playground(&self) -> Result<Program, String> {
        let (program, url) = start()?;
        self.browser.open(&url).await?;
        self.wait_until_ready().await?;
        Ok(program)
    }

    async fn wait_until_ready(&self) -> Verdict {
        self.browser
            .wait_for("return document.body.dataset.ready === 'true'")
            .await
    }

    async fn handlers(&self) -> Verdict {
        let _program = self.open_playground().await?;
        let cells = "return Object.fromEntries([...document.querySelectorAll('.card')].map(card =>
            [card.id, [...card.querySelectorAll('.cell')].map(cell => cell.textContent)]))";
        let found = self.browser.run(cells, Value::Null).await?;
        // The app without and with cookies, then the stranger.
        let (read, blocked) = ("✓ as it should be: read", "✓ as it should be: blocked");
        let says = json!({
            "handler-weather": [read, blocked, read, blocked],
            "handler-profile": [read, read, blocked, blocked],
            "handler-rename": [read, blocked, blocked, blocked],
            "handler-transfer": [read, read, blocked, blocked],
            "handler-echo": [read, read, read, "! leak or harm: leak: read"],
        });
        expect("the handlers", &found, &says)?;
        let user = "return [...document.querySelectorAll('.user')].map(user => user.textContent)";
        let found = self.browser.run(user, Value::Null).await?;
        expect("the user", &found, &json!(vec!["Ada is signed in"; 5]))?;

        let choose = "const card = document.getElementById('handler-transfer');
            card.querySelectorAll('.cell')[3].click();
            return card.querySelector('.why').textContent + ' ' + card.querySelector('.exchange').textContent;";
        let found = self.browser.run(choose, Value::Null).await?;
        let found = found.as_str().unwrap_or_default();
        for part in [
            "Refused before the handler runs: the policy does not allow this origin.",
            "POST /transfer",
            "403",
            "vary: Origin",
        ] {
            expect(
                &format!("{part:?} in {found}"),
                &found.contains(part),
                &true,
            )?;
        }

        // The button keeps the focus while it works, and the chosen result stays chosen.
        let again = "const button = document.getElementById('again');
            button.focus();
            button.click();
            const keeps = document.activeElement === button;
            while (button.getAttribute('aria-disabled')) await new Promise(done => setTimeout(done, 20));
            const card = document.getElementById('handler-transfer');
            return [keeps, document.activeElement === button,
                [...card.querySelectorAll('.cell')].map(cell => cell.getAttribute('aria-pressed')),
                card.querySelector('.why') !== null];";
        let found = self.browser.run(again, Value::Null).await?;
        let chosen = ["false", "false", "false", "true"];
        expect("again", &found, &json!([true, true, chosen, true]))?;

        // All lines of an attribute are marked, and only what scrolls is a stop.
        let marked = "return [...document.querySelectorAll('#handler-rename .attribute')].map(line => line.textContent)";
        let found = self.browser.run(marked, Value::Null).await?;
        let lines = [
            "#[cors(",
            "    origins = [\"http://app.shop.localhost:*\"],",
            "    allow_headers = [\"content-type\"],",
            "    max_age = 600,",
            ")]",
            "#[put(\"/profile\")]",
        ];
        expect("the attribute", &found, &json!(lines))?;
        self.browser
            .wait_for(
                "return [...document.querySelectorAll('pre')].every(pre =>
                    pre.hasAttribute('tabindex') === pre.scrollWidth > pre.clientWidth)",
            )
            .await
    }

    async fn questions(&self) -> Verdict {
        let _program = self.open_playground().await?;
        let open = "const shown = [];
            for (const button of document.querySelectorAll('.questions button')) {
                button.click();
                shown.push([...document.querySelectorAll('.panel:not([hidden])')].map(panel => panel.id));
                document.querySelector('.panel:not([hidden]) .go').click();
            }
            return shown;";
        let found = self.browser.run(open, Value::Null).await?;
        let panels = [
            "credentials",
            "set-cookie",
            "echo",
            "vary",
            "preflight",
            "shared-cache",
        ];
        expect("the panels", &found, &json!(panels.map(|panel| [panel])))?;
        self.browser
            .wait_for("return [...document.querySelectorAll('.panel')].every(panel => panel.dataset.done)")
            .await?;
        let steps =
            "return Object.fromEntries([...document.querySelectorAll('.panel')].map(panel =>
            [panel.id, [...panel.querySelectorAll('.steps .tag')].map(tag => tag.textContent)]))";
        let found = self.browser.run(steps, Value::Null).await?;
        let ok = |text: &str| format!("✓ as it should be: {text}");
        let read = |body: &str| ok(&format!("read “{body}”"));
        let leak = |text: &str| format!("! leak or harm: {text}");
        let (blocked, welcome, bye) = (ok("blocked"), read("welcome, Ada"), read("bye"));
        let (ada, nobody) = (read("profile of Ada"), read("profile of nobody"));
        let private = leak("leak: read “private data of Ada”");
        let nothing = read("private data of nobody");
        // Without `SameSite`, a cookie crosses sites in WebKit.
        let crosses = self.browser.engine == Engine::WebKit;
        let without_same_site = if crosses { &private } else { &nothing };
        let attacked = leak("blocked, but the handler ran");
        let news = |hit: &str| ok(&format!("read “news”, cache {hit}"));
        let says = json!({
            "credentials": [welcome, nobody, ada, blocked],
            "set-cookie": [bye, welcome, nobody, blocked, nobody, ok("blocked, but the handler ran"), ada, bye, welcome, ada],
            "echo": [welcome, blocked, private, without_same_site, welcome, nothing, private],
            "vary": [news("MISS"), news("MISS"), news("MISS"), leak("blocked, cache HIT")],
            "preflight": [read("renamed to Ada"), blocked, blocked, blocked],
            "shared-cache": [welcome, read("drafts of Ada"), attacked, read("orders of Ada"), blocked],
        });
        expect("the questions", &found, &says)?;

        let parts = "return args.map(([panel, part]) => document.getElementById(panel).textContent.includes(part))";
        let said = [
            ["set-cookie", "set-cookie: user=Ada; Path=/"],
            [
                "preflight",
                "Write allow_headers = [\"content-type\", \"x-trace\"].",
            ],
            ["preflight", "It names the header."],
            [
                "shared-cache",
                "the request needed a preflight, and the policy does not allow its origin",
            ],
        ];
        let found = self.browser.run(parts, json!(said)).await?;
        expect("what is said", &found, &json!([true, true, true, true]))?;

        // Each message is the compiler's; nothing was written by hand.
        let messages = "return [...document.querySelectorAll('figure .message')].map(message =>
            [message.querySelector('.severity').textContent, message.textContent.includes('= rule: ')])";
        let found = self.browser.run(messages, Value::Null).await?;
        let (error, warning) = (json!(["error: ", true]), json!(["warning: ", true]));
        expect(
            "the messages",
            &found,
            &json!([error, warning, error, error, warning]),
        )?;

        // Without explanations, the console blames the origin.
        let quote = "document.getElementById('explain').click();
            const panel = document.getElementById('preflight');
            panel.dataset.done = '';
            panel.querySelector('.go').click();";
        self.browser.run(quote, Value::Null).await?;
        self.browser
            .wait_for("return document.getElementById('preflight').dataset.done === 'true'")
            .await?;
        let parts_now = json!([["preflight", "It blames the origin, which is fine"]]);
        let found = self.browser.run(parts, parts_now).await?;
        expect("without explanations", &found, &json!([true]))
    }

    async fn written(&self) -> Verdict {
        let _program = self.open_playground().await?;
        let write = "const form = document.querySelector('form');
            for (const [name, value] of Object.entries(args)) {
                const field = form.elements[name];
                if (field.type === 'checkbox') field.checked = value; else field.value = value;
            }
            form.requestSubmit();
            const status = document.getElementById('write-status');
            status.textContent = '';
            while (!status.textContent) await new Promise(done => setTimeout(done, 20));
            return [status.textContent,
                [...document.querySelectorAll('#compiler pre')].map(pre => pre.textContent).join('\\n'),
                document.getElementById('outcome').textContent];";
        let app = "https://app.example.com";
        let policy = |origins: &str, headers: &str, page: &str| {
            json!({ "origins": origins, "headers": headers, "credentials": true,
                "page": page, "method": "PUT", "sends": "content-type", "include": true })
        };
        for (policy, status, code, outcome) in [
            (
                policy(app, "content-type", app),
                "It compiles. Script reads the response.",
                "#[cors(origins = [\"https://app.example.com\"], credentials, allow_headers = [\"content-type\"])]",
                "The preflight is granted.",
            ),
            (
                policy(
                    "https://*.example.com",
                    "content-type",
                    "https://example.com",
                ),
                "It compiles. Script does not read the response.",
                "*.example.com",
                "the policy does not allow this origin",
            ),
            (
                policy(app, "", app),
                "It compiles. Script does not read the response.",
                "credentials)]",
                "Write allow_headers = [\"content-type\"].",
            ),
            (
                policy("*", "content-type", app),
                "It does not compile: 1 error.",
                "1 | #[cors(origins = [\"*\"], credentials, allow_headers = [\"content-type\"])]\n  |                   ^^^",
                "Nothing: there is no program.",
            ),
            (
                policy(app, "accept", app),
                "It compiles: 1 warning. Script does not read the response.",
                "^^^^^^^^",
                "The preflight is refused",
            ),
        ] {
            let found = self.browser.run(write, policy).await?;
            let text = |i: usize| found[i].as_str().unwrap_or_default();
            expect("the status", &text(0), &status)?;
            for (text, part) in [(text(1), code), (text(2), outcome)] {
                expect(&format!("{part:?} in {text}"), &text.contains(part), &true)?;
            }
        }
        Ok(())
    }

    async fn detour(&self) -> Verdict {
        let (_program, url) = start()?;
        self.browser
            .open(&url.replace("shop.localhost", "127.0.0.1"))
            .await?;
        self.browser
            .wait_for("return location.hostname === 'shop.localhost'")
            .await?;
        self.wait_until_ready().await
    }
}

/// Builds the example and gives its program: `cargo test --test browser` builds the test alone.
pub(crate) fn build() -> Result<PathBuf, String> {
    static BUILT: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .parent()
            .ok_or("no target folder")?;
        let output = Command::new(env!("CARGO"))
            .args([
                "build",
                "--example",
                "playground",
                "--message-format=json",
                "--target-dir",
            ])
            .arg(folder)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .map_err(|error| format!("cargo: {error}"))?;
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|message| message["target"]["name"] == "playground")
            .find_map(|message| message["executable"].as_str().map(PathBuf::from))
            .ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())
    });
    BUILT.clone()
}
