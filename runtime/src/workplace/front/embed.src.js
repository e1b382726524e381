// What RetailCRM runs for the page of the module: asks our server for a ticket and has a frame with our page drawn.
//
// It runs apart from the CRM's page (a worker) and cannot touch its document; it describes what is to be drawn.
// `build` makes `embed.js` of it.
import { h, onMounted, ref } from "vue";
import { defineStore } from "pinia";
import { definePageRunner, defineRunner, runEndpoint } from "@retailcrm/embed-ui-v1-endpoint/remote";
import { useContext as useUser } from "@retailcrm/embed-ui-v1-contexts/remote/user/current";
import { useContext as useSettings } from "@retailcrm/embed-ui-v1-contexts/remote/settings";

const SESSION = "/retailcrm/workplace/session";
const ALLOW = "microphone; autoplay; clipboard-read; clipboard-write; fullscreen";
const WORDS = {
  ru: {
    title: "Рабочее место UIS",
    opening: "Открывается…",
    failed: "Рабочее место не открылось: сервер интеграции не ответил.",
    again: "Попробовать ещё раз",
  },
  en: {
    title: "UIS workplace",
    opening: "Opening…",
    failed: "The workplace did not open: the server of the integration did not answer.",
    again: "Try again",
  },
};

// Every store gets the way to the CRM's page from the vendor's runner; this one exists for nothing else.
const useHost = defineStore("uis/workplace", {});

const refusal = (body, lang) => {
  try {
    return JSON.parse(body).error[lang];
  } catch {
    return undefined;
  }
};

const Workplace = {
  setup() {
    const host = useHost();
    const user = useUser();
    const settings = useSettings();
    const url = ref(null);
    const error = ref(null);
    const lang = ref("ru");

    const open = async () => {
      url.value = null;
      error.value = null;
      try {
        await Promise.all([user.initialize(), settings.initialize()]);
        const locale = settings["system.locale"] ?? "";
        lang.value = String(locale).startsWith("ru") ? "ru" : "en";
        const payload = { userId: user.id, email: user.email, locale };
        const { status, body } = await host.endpoint.call.httpCall(SESSION, payload);
        if (status === 200) url.value = JSON.parse(body).url;
        else error.value = refusal(body, lang.value) ?? WORDS[lang.value].failed;
      } catch {
        error.value = WORDS[lang.value].failed;
      }
    };
    onMounted(open);

    return () => {
      const t = WORDS[lang.value];
      if (url.value) {
        const style = "width: 100%; height: calc(100vh - 80px); min-height: 480px; border: 0;";
        return h("iframe", { src: url.value, title: t.title, allow: ALLOW, style, width: "100%" });
      }
      if (error.value) {
        return h("div", { role: "alert", style: "padding: 24px" }, [
          h("p", error.value),
          h("button", { type: "button", onClick: open }, t.again),
        ]);
      }
      return h("p", { style: "padding: 24px" }, t.opening);
    };
  },
};

runEndpoint(defineRunner({ widgets: [{}], pages: [{ workplace: definePageRunner(Workplace) }] }));
