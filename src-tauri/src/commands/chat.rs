//! Talking to an agent, what was typed and not yet sent, and what is worth sending again.

use nineheads_core::chat::Exchange;
use nineheads_core::contract::InstanceId;
use nineheads_core::contract::chat::ReplyPart;
use nineheads_core::notebook::Prompt;
use tauri::ipc::Channel;

ask_console! {
    get_transcript(id: InstanceId) -> Vec<Exchange> => |console| console.transcript(&id);
    stop_waiting(id: InstanceId) -> () => |console| { console.stop_waiting(&id); Ok(()) };
    clear_transcript(id: InstanceId) -> () => |console| console.clear_transcript(&id);
    get_draft(name: String) -> Option<String> => |console| console.draft(&name);
    set_draft(name: String, text: Option<String>) -> () => |console| console.set_draft(&name, text.as_deref());
    list_prompts() -> Vec<Prompt> => |console| console.prompts();
    save_prompt(prompt: Prompt) -> Vec<Prompt> => |console| console.save_prompt(&prompt);
    delete_prompt(id: String) -> Vec<Prompt> => |console| console.delete_prompt(&id);
    /// The reply comes by the channel; a page that has gone does not end the turn.
    send_message(id: InstanceId, exchange_id: String, text: String, on_part: Channel<ReplyPart>) -> Exchange => |console| {
        let pass_on = move |part| drop(on_part.send(part));
        console.send_message(&id, exchange_id, text, pass_on).await
    };
}
