//! The life of a real agent through the real client: installed with its deploy, asked, read, changed, restrained, killed,
//! deleted, gone.

use crate::computer::{Computer, PROVIDER, files_with, processes_of, until};
use crate::operations::{Subject, ask_all};
use crate::schema::places_without_schema;
use nineheads_contract::chat::ReplyPart;
use nineheads_contract::config::UpdateConfig;
use nineheads_contract::deploys::NewInstance;
use nineheads_contract::local::{
    LOCAL_MANIFEST, LOCAL_PROVIDER, LocalRecipe, LocalRuntimeState, Permission, SetPermission,
};
use nineheads_contract::{ConversationId, InstanceId};
use nineheads_core::chat::{Exchange, ExchangeState};
use nineheads_core::config::{ConfigDraft, ConfigEdit, ConfigSaved};
use nineheads_core::deploys::{Deploy, DeployState};
use nineheads_core::model_policy::{PolicyPushed, PolicySource};
use nineheads_core::{Code, Failure};
use nineheads_platform::SecretStore;
use nineheads_tests::echo_model::{KEY, MODELS};
use nineheads_tests::home::{gone, is_alive};
use nineheads_tests::platform::{get, order};
use serde_json::{Map, Value, json};
use std::io::Write;
use std::time::{Duration, Instant};

/// How long a turn may take whose model refuses its key.
const REFUSAL_LIMIT: Duration = Duration::from_secs(90);

/// An agent, and the computer that it runs on.
struct Life {
    computer: Computer,
    deploy: Deploy,
    id: InstanceId,
    began: Instant,
}

#[tokio::test]
#[ignore = "npm run test:openclaw"]
async fn a_real_agent_is_installed_asked_read_changed_restrained_killed_and_deleted_and_nothing_is_left() {
    let began = Instant::now();
    let computer = Computer::open().await;
    keep_provider(&computer, KEY).await;
    the_whole_computer_is_not_given_by_a_deploy(&computer).await;
    let Some(deploy) = deployed(&computer).await else { return };
    let id = deploy.instance_id.clone().expect("an instance");
    let life = Life { computer, deploy, id, began };
    life.tell("deployed");
    life.said_what_it_did_and_no_key().await;
    life.answers("hello there", MODELS[0]).await;
    life.tell("answered");
    life.reads_its_config_by_schema().await;
    life.changes_its_config_and_refuses_what_widens_or_is_stale().await;
    life.uses_another_model().await;
    let conversation = life.lists_and_reads_the_conversation().await;
    life.toggles_a_skill().await;
    life.tell("changed");
    life.widens_with_a_sentence_and_narrows().await;
    life.tell("restrained");
    life.lives_again_after_a_kill().await;
    life.tell("killed and started again");
    life.applies_updates().await;
    life.tell("updated");
    life.tells_what_it_used().await;
    life.tell("its usage is known");
    let Life { id, deploy, .. } = &life;
    let (id, key, new) = (id.clone(), deploy.key.clone(), deploy.request.clone());
    let before = life.pid();
    ask_all(&life.computer.server, &Subject { id, key, new, conversation }).await;
    life.tell("every operation was asked");
    // Its key is rotated and its updates are applied: it is being started again, and once more with a wrong key.
    life.says_that_a_model_refuses_its_key(before).await;
    life.tell("a refused key was told");
    life.leaves_nothing().await;
}

async fn keep_provider(computer: &Computer, key: &str) {
    let kept = computer.desk.console.put_model_provider(PROVIDER, computer.provider(key)).await;
    let kept = kept.expect("kept");
    assert!(kept.has_key && kept.models.len() == MODELS.len(), "{kept:?}");
}

fn wanted(permission: Permission) -> NewInstance {
    let recipe = LocalRecipe { permission, provider: PROVIDER.to_owned(), model: MODELS[0].to_owned() };
    NewInstance {
        recipe_id: Some(recipe.to_string()),
        manifest_id: Some(LOCAL_MANIFEST.to_owned()),
        idempotency_key: None,
        ..order("").new
    }
}

async fn the_whole_computer_is_not_given_by_a_deploy(computer: &Computer) {
    let refused = computer.desk.console.start_deploy(wanted(Permission::WholeComputer)).await;
    assert!(matches!(refused.expect_err("refused").code, Code::NotAllowed { .. }));
}

/// None, said aloud, where the runtime can not be had.
async fn deployed(computer: &Computer) -> Option<Deploy> {
    let console = &computer.desk.console;
    let was_there = console.local_runtime().await.expect("answered").expect("offered");
    let deploy = console.start_deploy(wanted(Permission::Talk)).await.expect("accepted");
    let mut most = 0;
    let settled = until("the deploy settles", async || {
        let runtime = console.local_runtime().await.expect("answered").expect("offered");
        if let Some(progress) = &runtime.progress {
            assert!(progress.done >= most && progress.done <= progress.total, "{progress:?}");
            most = progress.done;
        }
        console.deploy(&deploy.key).ok().filter(|deploy| deploy.state.is_settled())
    })
    .await;
    let runtime = console.local_runtime().await.expect("answered").expect("offered");
    if let Some(error) = runtime.error {
        // This machine lacks something, and we have not failed.
        assert!(["no_source", "no_network", "disk_full"].contains(&error.code.as_str()), "{error:?}");
        writeln!(std::io::stdout(), "\nSKIPPED: {}", error.message).expect("somebody listens");
        return None;
    }
    let lines = console.deploy_logs(&settled.key, 0).await.expect("a log").lines;
    assert_eq!(settled.state, DeployState::Ready, "{:?}\n{lines:#?}", settled.error_message);
    assert_eq!(runtime.state, LocalRuntimeState::Ready);
    if was_there.state == LocalRuntimeState::Absent {
        assert!(most > 300, "{most} packages were counted");
    }
    Some(settled)
}

impl Life {
    fn tell(&self, what: &str) {
        let seconds = self.began.elapsed().as_secs();
        writeln!(std::io::stdout(), "{seconds:4} s  {what}").expect("somebody listens");
    }

    fn pid(&self) -> u32 {
        self.computer.pid_of(&self.id).expect("a process")
    }

    async fn said_what_it_did_and_no_key(&self) {
        let logs = nineheads_contract::logs::GetLogs { id: self.id.clone() };
        let server = &self.computer.server;
        let lines = get(&server.url(), &server.keys().admin, &logs).await.logs;
        assert!(lines.len() > 2 && lines.is_sorted_by_key(|line| line.seq));
        assert!(!lines.iter().any(|line| line.message.as_deref().is_some_and(|text| text.contains(KEY))));
        assert!(self.computer.models.asked().is_empty(), "nobody has asked it anything");
        let rows = self.computer.desk.rows_when(|rows| rows.facts.on_this_computer == 1).await;
        let row = rows.rows.iter().find(|row| row.id == self.id).expect("it stands in the list");
        assert_eq!(row.provider.as_deref(), Some(LOCAL_PROVIDER));
    }

    async fn ask(&self, text: &str) -> (Exchange, Vec<ReplyPart>) {
        let mut parts = Vec::new();
        let console = &self.computer.desk.console;
        let turn = console.send_message(&self.id, text.into(), text.into(), |part| parts.push(part)).await;
        (turn.expect("a turn"), parts)
    }

    async fn answers(&self, text: &str, model: &str) {
        let (exchange, parts) = self.ask(text).await;
        assert_eq!(exchange.state, ExchangeState::Complete, "{exchange:?}");
        assert!(exchange.reply.contains(text), "{}", exchange.reply);
        assert!(exchange.tokens.is_some_and(|tokens| tokens > 0), "{exchange:?}");
        let streamed: String = parts
            .iter()
            .filter_map(|part| if let ReplyPart::Text(text) = part { Some(text.as_str()) } else { None })
            .collect();
        assert_eq!(streamed, exchange.reply, "{parts:?}");
        let asked = self.computer.models.asked();
        assert_eq!(asked.last().expect("the model was asked")["model"], model);
    }

    async fn reads_its_config_by_schema(&self) {
        let view = self.computer.desk.console.open_config(&self.id).await.expect("opens");
        let document: Value = serde_json::from_str(&view.document).expect("JSON");
        assert_eq!(document["agents"]["defaults"]["model"]["primary"], format!("{PROVIDER}/{}", MODELS[0]));
        assert_eq!(places_without_schema(&document), Vec::<String>::new());
        assert!(!view.document.contains(KEY) && !view.masked.is_empty(), "{}", view.document);
        assert_eq!(files_with(&self.computer.folder_of(&self.id), KEY), Vec::<std::path::PathBuf>::new());
    }

    async fn save(
        &self,
        path: &[&str],
        value: Value,
        meanwhile: impl AsyncFnOnce(),
    ) -> Result<ConfigSaved, Failure> {
        let console = &self.computer.desk.console;
        let view = console.open_config(&self.id).await.expect("opens");
        let path = path.iter().map(|&key| key.to_owned()).collect();
        let edits = vec![ConfigEdit { path, value: Some(value.to_string()) }];
        let draft = ConfigDraft { base: view.version.id, text: None, edits };
        let plan = console.plan_config(&self.id, &draft, &[]).await.expect("a plan");
        assert_eq!(plan.obstacle, None);
        meanwhile().await;
        console.save_config(&self.id, &plan.id).await
    }

    async fn changes_its_config_and_refuses_what_widens_or_is_stale(&self) {
        let saved = self.save(&["ui", "seamColor"], json!("#123456"), async || ()).await.expect("saved");
        assert!(saved.verified && saved.differs.is_empty(), "{:?}", saved.differs);
        let wider = self.save(&["tools", "exec", "mode"], json!("full"), async || ()).await;
        let Code::NotAllowed { message: Some(told), .. } = wider.expect_err("refused").code else {
            panic!("a refusal says why")
        };
        assert!(told.contains("tools.exec.mode"), "{told}");
        let stale = self.save(&["ui", "seamColor"], json!("#abcdef"), async || {
            let document = json!({ "logging": { "consoleLevel": "warn" } });
            let document = document.as_object().cloned().expect("an object");
            let server = &self.computer.server;
            get(&server.url(), &server.keys().admin, &UpdateConfig { id: self.id.clone(), document }).await;
        });
        assert!(matches!(stale.await.expect_err("refused").code, Code::Conflict { .. }));
        let again = self.computer.desk.console.open_config(&self.id).await.expect("opens");
        let document: Value = serde_json::from_str(&again.document).expect("JSON");
        assert_eq!(document["ui"]["seamColor"], "#123456");
        assert_eq!(document["logging"]["consoleLevel"], "warn");
        assert_eq!(document["tools"]["exec"]["mode"], "deny");
    }

    async fn uses_another_model(&self) {
        let console = &self.computer.desk.console;
        let known = console.model_policy(&self.id).await.expect("known");
        assert_eq!(known.source, PolicySource::Config);
        let mut policy = known.policy.expect("the agent has one");
        policy.insert("primary".into(), json!(format!("{PROVIDER}/{}", MODELS[1])));
        let saved = console.update_model_policy(&self.id, policy).await.expect("stored");
        assert_eq!(saved.pushed, PolicyPushed::Pushed);
        self.answers("and with the other one", MODELS[1]).await;
    }

    async fn lists_and_reads_the_conversation(&self) -> ConversationId {
        let console = &self.computer.desk.console;
        assert!(console.list_conversations(&self.id, 20).await.is_err(), "nobody has consented");
        console.set_consent(&self.id, true, "a test").await.expect("granted");
        let list = console.list_conversations(&self.id, 20).await.expect("readable");
        let row = list.rows.first().expect("one was held");
        assert!(row.readable && row.last_message_at.is_some(), "{row:?}");
        let id = ConversationId(row.id.clone());
        let talk = console.conversation(&self.id, &id).await.expect("readable");
        let said: Vec<_> = talk
            .messages
            .iter()
            .filter_map(|message| Some((message.role.as_deref()?, message.text.as_deref()?)))
            .collect();
        for (role, text) in [("user", "hello there"), ("assistant", "hello there"), ("user", "the other one")]
        {
            assert!(said.iter().any(|(by, words)| *by == role && words.contains(text)), "{role}: {said:?}");
        }
        id
    }

    async fn toggles_a_skill(&self) {
        let console = &self.computer.desk.console;
        let view = console.platform_config(&self.id).await.expect("read");
        let skills = view.config.expect("there").value.skills;
        let (last, rest) = skills.split_last().expect("it has skills");
        for wanted in [rest, &skills] {
            let fields = Map::from_iter([("skills".to_owned(), json!(wanted))]);
            let saved = console.patch_platform_config(&self.id, fields).await.expect("stored");
            assert!(saved.differs.is_empty(), "{:?}", saved.differs);
            assert_eq!(saved.config.value.skills.contains(last), wanted.contains(last));
        }
    }

    async fn permit(&self, permission: Permission, sentence: Option<String>) -> Result<(), Failure> {
        let set = SetPermission { permission, confirmation: sentence };
        let told = self.computer.desk.console.set_local_permission(&self.id, set).await?;
        assert_eq!(told.permission, permission);
        Ok(())
    }

    async fn exec_mode(&self) -> Value {
        let view = self.computer.desk.console.open_config(&self.id).await.expect("opens");
        assert_eq!(view.failure, None);
        serde_json::from_str::<Value>(&view.document).expect("JSON")["tools"]["exec"]["mode"].clone()
    }

    async fn widens_with_a_sentence_and_narrows(&self) {
        let console = &self.computer.desk.console;
        let refused = self.permit(Permission::WholeComputer, None).await.expect_err("no sentence");
        assert!(matches!(refused.code, Code::NotAllowed { .. }));
        let told = console.local_permission(&self.id).await.expect("answered").expect("it is real");
        assert_eq!(told.permission, Permission::Talk);
        let before = self.pid();
        self.permit(Permission::WholeComputer, Some(told.confirmation)).await.expect("widened");
        self.there().await;
        assert_ne!(self.exec_mode().await, "deny");
        self.permit(Permission::OwnFolder, None).await.expect("narrowed");
        self.is_another_than(before).await;
        assert_eq!(self.exec_mode().await, "deny");
    }

    /// Waits until its program answers.
    async fn there(&self) {
        let console = &self.computer.desk.console;
        until("the agent answers", async || {
            let view = console.open_config(&self.id).await.ok()?;
            view.failure.is_none().then_some(())
        })
        .await;
    }

    /// Waits until another process answers for it.
    async fn is_another_than(&self, before: u32) {
        until("another process is the agent", async || {
            self.computer.pid_of(&self.id).filter(|pid| *pid != before)
        })
        .await;
        assert!(!is_alive(before));
        self.there().await;
    }

    async fn lives_again_after_a_kill(&self) {
        let before = self.pid();
        let killed = std::process::Command::new("kill").args(["-9", &before.to_string()]).status();
        assert!(killed.expect("it runs").success());
        self.is_another_than(before).await;
        self.answers("are you back", MODELS[1]).await;
    }

    async fn applies_updates(&self) {
        let before = self.pid();
        let applied = self.computer.desk.console.apply_updates(&self.id).await.expect("applied");
        assert_eq!(applied.status.as_deref(), Some("applied"));
        self.is_another_than(before).await;
    }

    async fn tells_what_it_used(&self) {
        let console = &self.computer.desk.console;
        let today = chrono::Utc::now().date_naive().to_string();
        let used = until("what it used is counted", async || {
            let used = console.usage(&self.id, &today, &today).await.ok()?;
            used.totals.tokens.is_some_and(|tokens| tokens > 0).then_some(used)
        })
        .await;
        assert!(used.totals.requests.is_some_and(|requests| requests > 0), "{used:?}");
        assert!(used.totals.cost.is_some() && used.unique_users.is_none(), "{used:?}");
    }

    async fn says_that_a_model_refuses_its_key(&self, before: u32) {
        keep_provider(&self.computer, "wrong").await;
        self.is_another_than(before).await;
        let sent = Instant::now();
        let (exchange, _) = self.ask("can you hear me").await;
        assert!(sent.elapsed() < REFUSAL_LIMIT, "{:?}", sent.elapsed());
        let ExchangeState::Failed { failure } = exchange.state else { panic!("{exchange:?}") };
        let Code::ServerFailed { message: Some(told), .. } = failure.code else { panic!("{failure:?}") };
        self.tell(&format!("after {:?}: {told}", sent.elapsed()));
        assert!(told.starts_with("The model server refuses its key"), "{told}");
    }

    async fn leaves_nothing(self) {
        let Self { computer, id, .. } = &self;
        let (folder, pid) = (computer.folder_of(id), self.pid());
        assert!(folder.exists() && is_alive(pid));
        assert!(!cfg!(target_os = "linux") || processes_of(&folder).contains(&pid));
        computer.desk.console.delete_instance(id).await.expect("deleted");
        gone(&computer.server, id).await;
        computer.desk.rows_when(|rows| rows.facts.on_this_computer == 0).await;
        assert!(!is_alive(pid) && processes_of(&folder).is_empty());
        assert!(!folder.exists());
        let left: Vec<_> = computer.agents.join("agents").read_dir().expect("a folder").flatten().collect();
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(computer.secrets.read(&format!("agent-token/{id}")).expect("answered"), None);
        assert_eq!(computer.pid_of(id), None);
        assert_eq!(files_with(&computer.data, KEY), Vec::<std::path::PathBuf>::new());
        if std::env::var_os("NINEHEADS_OPENCLAW_FOLDER").is_none() {
            computer.desk.console.remove_local_runtime().await.expect("begins");
            let runtime = computer.agents.join("runtime");
            until("the runtime is gone", async || (!runtime.exists()).then_some(())).await;
        }
        self.tell("deleted");
        self.computer.server.stop().await;
    }
}
