//! Shared by the examples: serve on a port, and say what to try; and their tests.

use std::process::ExitCode;

use actix_web::{App, HttpServer, web};

/// Serves the app on 127.0.0.1, on the port in the first argument or 8080, and prints what to try.
///
/// `{url}` in `to_try` stands for the address of the server.
pub(crate) async fn serve(configure: fn(&mut web::ServiceConfig), to_try: &str) -> ExitCode {
    match try_to_serve(configure, to_try).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}; name a port, as in `cargo run --example quickstart 8081`");
            ExitCode::FAILURE
        }
    }
}

async fn try_to_serve(configure: fn(&mut web::ServiceConfig), to_try: &str) -> Result<(), String> {
    let port = match std::env::args().nth(1) {
        None => 8080,
        Some(text) => text
            .parse::<u16>()
            .map_err(|_| format!("`{text}` is not a port"))?,
    };
    let server = HttpServer::new(move || App::new().configure(configure))
        .workers(1)
        .bind(("127.0.0.1", port))
        .map_err(|error| format!("port {port}: {error}"))?;
    let url = format!("http://{}", server.addrs()[0]);
    println!(
        "Serving {url}, until you press Ctrl-C. Try:\n\n{}",
        to_try.replace("{url}", &url)
    );
    server.run().await.map_err(|error| error.to_string())
}

/// Sends a request, such as `PUT /me`, from a page of this origin, with a JSON body if there is
/// one. Returns the status, and the origin that may read the response.
#[cfg(test)]
#[allow(dead_code)] // not every example uses it
pub(crate) async fn ask(
    configure: fn(&mut web::ServiceConfig),
    request: &str,
    origin: &str,
    body: &'static str,
) -> (u16, Option<String>) {
    let mut headers = vec![("origin", origin)];
    if !body.is_empty() {
        headers.push(("content-type", "application/json"));
    }
    send(configure, request, &headers, body).await
}

/// Sends a preflight for a request, such as `PUT /me`, with these headers, if any.
#[cfg(test)]
#[allow(dead_code)] // not every example uses it
pub(crate) async fn preflight(
    configure: fn(&mut web::ServiceConfig),
    request: &str,
    origin: &str,
    headers: &str,
) -> (u16, Option<String>) {
    cors_runtime::explain(false); // a refusal is a 403, as in a release build
    let (method, path) = request.split_once(' ').expect("a method and a path");
    let mut all = vec![
        ("origin", origin),
        ("access-control-request-method", method),
    ];
    if !headers.is_empty() {
        all.push(("access-control-request-headers", headers));
    }
    send(configure, &format!("OPTIONS {path}"), &all, "").await
}

#[cfg(test)]
async fn send(
    configure: fn(&mut web::ServiceConfig),
    request: &str,
    headers: &[(&str, &str)],
    body: &'static str,
) -> (u16, Option<String>) {
    use actix_web::test;

    let (method, path) = request.split_once(' ').expect("a method and a path");
    let app = test::init_service(App::new().configure(configure)).await;
    let mut req = test::TestRequest::with_uri(path)
        .method(method.parse().expect("a method"))
        .set_payload(body);
    for header in headers {
        req = req.insert_header(*header);
    }
    let res = test::call_service(&app, req.to_request()).await;
    let origin = res.headers().get("access-control-allow-origin");
    let origin = origin.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    (res.status().as_u16(), origin)
}
