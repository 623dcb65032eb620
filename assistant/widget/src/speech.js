// Reads aloud with the voices on this device. Voices that send the text elsewhere are not used.

const speech = globalThis.speechSynthesis;

const voiceFor = (language) =>
  speech?.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(language));

export const canSpeak = (language) => Boolean(voiceFor(language));

/** Calls back when the voices of the device have become known. */
export const onVoices = (callback) => speech?.addEventListener?.("voiceschanged", callback);

/** Reads a text, in the place of what is being read; `onEnd` is called when it stops. */
export function speak(text, language, onEnd) {
  hush();
  const words = new SpeechSynthesisUtterance(text);
  words.voice = voiceFor(language);
  words.lang = words.voice?.lang || language;
  words.onend = words.onerror = onEnd;
  speech.speak(words);
}

export const hush = () => speech?.cancel();
