//! Notebooks, which group notes. In a scope, paths are relative to it.

pub(crate) use handlers::configure;

#[cors_runtime::cors(crate::policies::APP)]
mod handlers {
    use actix_web::{delete, get, post, put, web};

    #[get("")]
    async fn list() -> &'static str {
        "notebooks\n"
    }

    #[post("")]
    async fn create(name: web::Json<String>) -> String {
        format!("created: {name}\n")
    }

    #[get("/{name}")]
    async fn read(name: web::Path<String>) -> String {
        format!("notebook {name}\n")
    }

    #[put("/{name}")]
    async fn rename(name: web::Path<String>, new: web::Json<String>) -> String {
        format!("notebook {name} is {new} now\n")
    }

    #[delete("/{name}")]
    async fn remove(name: web::Path<String>) -> String {
        format!("notebook {name} is gone\n")
    }

    pub(crate) fn configure(app: &mut web::ServiceConfig) {
        let notebooks = web::scope("/notebooks")
            .service(list)
            .service(create)
            .service(read)
            .service(rename)
            .service(remove);
        app.service(notebooks);
    }
}
