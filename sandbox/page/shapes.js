// From the server's JSON to what the page draws. Whatever the server calls a thing, only this file knows.

const DOING = { typing: "typing…", upload_photo: "sending a photo…", upload_document: "sending a file…" };

export function personFrom(listing) {
  return {
    id: listing.id,
    first: listing.name,
    name: [listing.name, listing.last_name].filter(Boolean).join(" "),
    about: listing.about || listing.role,
    unread: listing.unread,
    preview: listing.last_text,
    when: listing.last_at ? new Date(listing.last_at) : null,
    blocked: listing.blocked,
    deactivated: listing.deactivated,
  };
}

export function screenFrom(screen) {
  const answered = screen.messages.findLastIndex((bubble) => bubble.from_bot);
  return {
    messages: screen.messages.map((bubble, index) => messageFrom(bubble, index < answered)),
    typing: screen.typing ? (DOING[screen.typing] ?? DOING.typing) : "",
    started: screen.started,
    blocked: screen.blocked,
    deactivated: Boolean(screen.person?.deactivated),
    commands: screen.commands,
    description: screen.description,
    forceReply: screen.force_reply,
    keyboard: screen.reply_keyboard,
  };
}

function messageFrom(bubble, answered) {
  const { kind } = bubble;
  return {
    id: bubble.id,
    fromMe: !bubble.from_bot,
    kind,
    text: bubble.text,
    entities: bubble.entities,
    date: bubble.at,
    edited: bubble.edited,
    unread: bubble.unread,
    protect: bubble.protected,
    // Telegram's second tick: the other side has it.
    delivered: bubble.delivered ?? answered,
    buttons: bubble.buttons.map((row) => row.map(buttonFrom)),
    photoUrl: kind === "photo" ? bubble.file_url : "",
    voiceUrl: kind === "voice" ? bubble.file_url : "",
    file: fileFrom(bubble),
    quoted: bubble.reply_to ? { text: bubble.reply_to.text, fromMe: !bubble.reply_to.from_bot } : null,
    reactions: bubble.reactions ?? [],
  };
}

function fileFrom(bubble) {
  if (bubble.kind === "contact") return { name: bubble.file_name, url: "", size: 0 };
  if (bubble.kind !== "document") return null;
  return { name: bubble.file_name || "Document", url: bubble.file_url, size: bubble.media?.document?.file_size ?? 0 };
}

function buttonFrom(button) {
  const url = button.url ?? button.web_app?.url ?? button.login_url?.url ?? "";
  return { text: button.text, url, copy: button.copy_text?.text ?? "", data: button.callback_data ?? button.text };
}
