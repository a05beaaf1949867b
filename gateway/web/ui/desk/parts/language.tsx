/** The other language, named in itself. */
import { useDesk } from "../desk";
import { language, switchLanguage, t } from "../words";

export function LanguageButton() {
  const { ports, notices } = useDesk();
  return (
    <button
      type="button"
      class="button button-quiet"
      lang={language.value === "en" ? "zh-CN" : "en"}
      title={t("lang.switchLabel")}
      data-testid="language"
      onClick={() => void switchLanguage(ports.shelf).catch(() => notices.say(t("problem.offline")))}
    >
      {t("lang.switch")}
    </button>
  );
}
