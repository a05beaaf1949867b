/** The other language, named in itself. */
import { useDesk } from "../desk";
import { language, switchLanguage, t } from "../words";

export function LanguageButton() {
  const { ports } = useDesk();
  return (
    <button
      type="button"
      class="button button-quiet"
      lang={language.value === "en" ? "zh-CN" : "en"}
      title={t("lang.switchLabel")}
      data-testid="language"
      onClick={() => switchLanguage(ports.shelf)}
    >
      {t("lang.switch")}
    </button>
  );
}
