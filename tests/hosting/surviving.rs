//! What happens to an agent when its process, or the platform, ends.

use nineheads_contract::InstanceId;
use nineheads_contract::instances::{DeleteInstance, GetInstance};
use nineheads_contract::local::{GetLocalRuntime, KeepRunning, LocalRuntimeState, SetKeepRunning};
use nineheads_contract::logs::GetLogs;
use nineheads_contract::runtime::{GetRuntime, RuntimeStatus};
use nineheads_contract::updates::ApplyUpdates;
use nineheads_platform::Server;
use nineheads_tests::home::{Home, deploy_here, gone, is_alive};
use nineheads_tests::platform::{get, wait_until};
use serde_json::json;
use std::process::{Child, Command};

fn kill(pid: u32) {
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status().expect("it runs");
    assert!(killed.success());
}

async fn started_again(home: &Home, id: &InstanceId, times: usize) -> u32 {
    wait_until("the agent is started again", async || (home.starts(id).len() >= times).then_some(())).await;
    home.pid(id)
}

async fn status(server: &Server, id: &InstanceId) -> String {
    let instance = get(&server.url(), &server.keys().admin, &GetInstance { id: id.clone() }).await;
    instance.status.expect("a status").0
}

async fn runtime(server: &Server, id: &InstanceId) -> RuntimeStatus {
    get(&server.url(), &server.keys().admin, &GetRuntime { id: id.clone() }).await
}

async fn keep_running(server: &Server, keep_running: bool) {
    let choice = SetKeepRunning { choice: KeepRunning { keep_running } };
    let told = get(&server.url(), &server.keys().admin, &choice).await;
    assert_eq!(told.keep_running, keep_running);
}

/// A process that is none of ours.
struct Stranger(Child);

impl Stranger {
    fn new() -> Self {
        Self(Command::new("sleep").arg("600").spawn().expect("it starts"))
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn an_agent_whose_process_was_killed_is_started_again_and_says_so() {
    let home = Home::new();
    let server = home.start().await;
    let (id, _) = deploy_here(&server, "a").await;
    let first = home.pid(&id);
    kill(first);
    let second = started_again(&home, &id, 2).await;
    assert_ne!(first, second);
    assert_eq!(status(&server, &id).await, "running");
    let logs = GetLogs { id: id.clone() };
    wait_until("it is said", async || {
        let told = get(&server.url(), &server.keys().admin, &logs).await;
        let said =
            |words: &str| told.logs.iter().any(|line| line.message.as_deref().unwrap_or("").contains(words));
        said("it was killed").then_some(())
    })
    .await;
    server.stop().await;
    assert!(!is_alive(second), "a platform that stops leaves no agent");
}

#[tokio::test]
async fn an_agent_that_is_given_up_says_why_stays_and_is_started_again_by_an_update() {
    let home = Home::new();
    let server = home.start().await;
    let (id, _) = deploy_here(&server, "a").await;
    home.behave(&json!({ "exit": 78 }));
    kill(home.pid(&id));
    let trouble = async || {
        let instance = get(&server.url(), &server.keys().admin, &GetInstance { id: id.clone() }).await;
        instance.error_message.unwrap_or_default()
    };
    wait_until("it is given up", async || {
        trouble().await.contains("refuses its configuration").then_some(())
    })
    .await;
    assert!(trouble().await.contains("Apply updates"), "there is a way on");
    assert_eq!(status(&server, &id).await, "running", "a clean-up must not take it");
    assert!(!is_alive(home.pid(&id)));
    let told = wait_until("it is red at once", async || {
        let told = runtime(&server, &id).await;
        (told.health_status.as_deref() == Some("unhealthy")).then_some(told)
    })
    .await;
    assert_eq!(told.error_code.as_deref(), Some("config_rejected"));

    home.behave(&json!({}));
    get(
        &server.url(),
        &server.keys().admin,
        &ApplyUpdates { id: id.clone(), options: serde_json::Map::new() },
    )
    .await;
    wait_until("its failure is taken back", async || trouble().await.is_empty().then_some(())).await;
    let told = wait_until("it is well again", async || {
        let told = runtime(&server, &id).await;
        (told.health_status.as_deref() == Some("healthy")).then_some(told)
    })
    .await;
    assert_eq!(told.error_code, None);
    assert!(is_alive(home.pid(&id)));
    server.stop().await;
}

#[tokio::test]
async fn an_agent_whose_program_is_gone_and_can_not_be_had_again_is_given_up_and_says_why() {
    let home = Home::new();
    let server = home.start().await;
    let (id, _) = deploy_here(&server, "a").await;
    server.stop().await;
    let runtime_folder = home.agents().join("runtime");
    std::fs::remove_dir_all(&runtime_folder).expect("removed");
    // Nothing can be installed into a file.
    std::fs::write(&runtime_folder, "").expect("written");
    let server = home.start().await;
    let told = wait_until("it is given up", async || {
        let told = runtime(&server, &id).await;
        (told.health_status.as_deref() == Some("unhealthy")).then_some(told)
    })
    .await;
    let program = get(&server.url(), &server.keys().admin, &GetLocalRuntime).await;
    assert_eq!(program.state, LocalRuntimeState::Failed);
    assert_eq!(told.error_code, program.error.map(|error| error.code));
    assert!(told.error_code.is_some() && told.error_message.is_some());
    server.stop().await;
}

/// While nothing answers at its port, an agent is being started, since when it ended; that is no error.
#[tokio::test]
async fn an_agent_that_is_started_again_says_so_and_not_that_it_is_unwell() {
    let home = Home::new();
    let server = home.start().await;
    let (id, _) = deploy_here(&server, "a").await;
    assert_eq!(runtime(&server, &id).await.health_status.as_deref(), Some("healthy"));
    home.behave(&json!({ "mute": true }));
    kill(home.pid(&id));
    started_again(&home, &id, 2).await;
    let told = runtime(&server, &id).await;
    assert_eq!((told.health_status.as_deref(), told.health_failures), (Some("starting"), Some(0)));
    assert_eq!((told.error_code, told.error_message), (None, None));
    assert!(
        told.uptime_seconds.is_some_and(|seconds| (0..60).contains(&seconds)),
        "{:?}",
        told.uptime_seconds
    );
    assert_eq!(told.status.expect("a status").0, "running");

    home.behave(&json!({}));
    kill(home.pid(&id));
    wait_until("it is well again", async || {
        (runtime(&server, &id).await.health_status.as_deref() == Some("healthy")).then_some(())
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn what_a_platform_left_that_was_killed_is_ended_at_the_next_start_and_started_anew() {
    let home = Home::new();
    let server = home.start().await;
    let (id, _) = deploy_here(&server, "a").await;
    let left = home.pid(&id);
    // Dropped and not stopped, as in a crash.
    drop(server);
    assert!(is_alive(left));
    let server = home.start().await;
    let fresh = started_again(&home, &id, 2).await;
    assert!(!is_alive(left) && fresh != left);
    assert_eq!(status(&server, &id).await, "running");
    server.stop().await;
    assert!(!is_alive(fresh));
}

#[tokio::test]
async fn an_agent_that_shall_go_on_goes_on_and_is_found_again_and_deleted() {
    let home = Home::new();
    let server = home.start().await;
    let (id, _) = deploy_here(&server, "a").await;
    let pid = home.pid(&id);
    keep_running(&server, true).await;
    server.stop().await;
    assert!(is_alive(pid));

    let server = home.start().await;
    let logs = GetLogs { id: id.clone() };
    wait_until("the agent is found", async || {
        let told = get(&server.url(), &server.keys().admin, &logs).await;
        let newest = told.logs.last().and_then(|line| line.seq).unwrap_or_default();
        (newest >= 1_000).then_some(())
    })
    .await;
    assert_eq!(home.starts(&id).len(), 1, "it is the same process");
    get(&server.url(), &server.keys().admin, &DeleteInstance { id: id.clone() }).await;
    gone(&server, &id).await;
    assert!(!is_alive(pid) && !home.agent(&id).exists());
    server.stop().await;
}

#[tokio::test]
async fn a_stranger_that_has_the_number_of_an_agent_by_now_is_left_alone() {
    let home = Home::new();
    let server = home.start().await;
    let (id, _) = deploy_here(&server, "a").await;
    server.stop().await;
    let stranger = Stranger::new();
    home.with_rows(|db| {
        let set = "UPDATE local_agents SET pid = ?1, pid_started = 'another time', port = 9";
        assert_eq!(db.execute(set, [stranger.0.id()]).expect("written"), 1);
    });
    let server = home.start().await;
    started_again(&home, &id, 2).await;
    assert!(is_alive(stranger.0.id()));
    server.stop().await;
    assert!(is_alive(stranger.0.id()));
}

#[tokio::test]
async fn a_delete_that_was_begun_is_ended_by_the_next_start() {
    let home = Home::new();
    let server = home.start().await;
    let (id, _) = deploy_here(&server, "a").await;
    let left = home.pid(&id);
    drop(server);
    home.with_rows(|db| {
        let begin = "UPDATE instances SET status = 'deleting', deleting_at = 1 WHERE id = ?1";
        assert_eq!(db.execute(begin, [&id.0]).expect("written"), 1);
    });
    let server = home.start().await;
    gone(&server, &id).await;
    assert!(!is_alive(left) && !home.agent(&id).exists());
    server.stop().await;
}
