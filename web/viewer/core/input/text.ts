/** Text as input. Pure. */
import { limits, type Text } from "../../../protocol/generated/messages";

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** The text with a replacement character for every half of one: MessagePack has no word for it. */
export function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, "\ufffd");
}

/** The text in messages that the host takes: none longer than its limit, none with half a character. */
export function textMessages(text: string): Text[] {
  const points = Array.from(wellFormed(text));
  const messages: Text[] = [];
  for (let start = 0; start < points.length; start += limits.TEXT_INPUT_MAX) {
    messages.push({ t: "text", text: points.slice(start, start + limits.TEXT_INPUT_MAX).join("") });
  }
  return messages;
}
