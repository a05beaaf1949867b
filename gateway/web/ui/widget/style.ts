/** The widget's looks. Adopted, never in a <style>: a host page's CSP forbids that. */
export const CSS = `
:host{--i:#0b6b5c;--i2:#fff;--b:#fff;--b2:#f2f5f4;--t:#17211f;--m:#56635f;--l:#d7dfdc;--w:#a3261c;
position:fixed;inset:auto 20px 20px auto;z-index:2147483000;font:15px/1.5 system-ui,-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:var(--t);color-scheme:light dark}
:host([hidden]){display:none}
@media(prefers-color-scheme:dark){:host{--i:#5fd0ba;--i2:#06251f;--b:#141a19;--b2:#212a28;--t:#eaf1ef;--m:#a3b2ad;--l:#36423f;--w:#ff9d92}}
*{box-sizing:border-box}
button,textarea{font:inherit;color:inherit}
button{cursor:pointer;border:0;background:none;padding:0}
button:disabled{cursor:default;opacity:.55}
:focus-visible{outline:3px solid var(--i);outline-offset:2px}
svg{width:24px;height:24px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round;display:block}
.launch{width:56px;height:56px;border-radius:50%;background:var(--i);color:var(--i2);display:grid;place-items:center;box-shadow:0 4px 16px #0004;position:relative}
.launch b{position:absolute;top:-4px;right:-4px;min-width:22px;padding:0 6px;border-radius:11px;background:var(--w);color:var(--b);font-size:13px;line-height:22px}
.panel{position:fixed;right:20px;bottom:20px;width:380px;max-width:calc(100vw - 24px);height:min(620px,calc(100vh - 40px));display:flex;flex-direction:column;background:var(--b);border:1px solid var(--l);border-radius:14px;box-shadow:0 12px 40px #0005;overflow:hidden}
[hidden]{display:none!important}
.head{display:flex;gap:8px;align-items:center;padding:12px 8px 12px 16px;background:var(--i);color:var(--i2)}
.head div{flex:1;min-width:0}
h2{margin:0;font-size:16px;line-height:1.3}
.head p{margin:0;font-size:13px;line-height:1.4}
.head button,form button{width:44px;height:44px;flex:none;display:grid;place-items:center;border-radius:8px}
.head :focus-visible{outline-color:var(--i2);outline-offset:-4px}
.log{flex:1;overflow-y:auto;overscroll-behavior:contain;margin:0;padding:12px 14px;display:flex;flex-direction:column;gap:6px}
.log>div{display:flex;flex-direction:column;align-items:flex-start;max-width:86%;overflow-wrap:anywhere}
.log>.customer{align-self:flex-end;align-items:flex-end}
.log>.system{align-self:center;text-align:center;color:var(--m);font-size:13px}
.who{font-size:12px;color:var(--m);margin-top:6px}
.text{padding:8px 12px;border-radius:12px;background:var(--b2)}
.customer .text{background:var(--i);color:var(--i2)}
.system .text{background:none;padding:2px 8px}
.text>*{margin:0}.text>*+*{margin-top:8px}.text ul,.text ol{padding-left:22px}
.text a{color:inherit;text-decoration:underline}
.text code{font-family:ui-monospace,monospace;font-size:.92em}
.choices{display:flex;flex-wrap:wrap;gap:6px;margin-top:6px}
.choices button,.file,.link{min-height:40px;padding:6px 14px;border:1px solid var(--i);border-radius:20px;color:var(--i);background:var(--b);text-align:left}
.file{display:flex;gap:6px;align-items:center;border-radius:10px;margin-top:4px;max-width:100%}
.file img{max-width:200px;max-height:200px;border-radius:6px;display:block}
.fate{font-size:12px;color:var(--m)}.fate.bad{color:var(--w)}
.link{border:0;background:none;padding:0 6px;min-height:24px;text-decoration:underline}
.note{margin:0;padding:6px 14px;font-size:13px;color:var(--m);background:var(--b2)}
.chips{display:flex;flex-wrap:wrap;gap:6px;padding:6px 14px 0}
.chips span{display:flex;align-items:center;gap:4px;padding:2px 4px 2px 10px;border-radius:8px;background:var(--b2);font-size:13px;max-width:100%;overflow-wrap:anywhere}
.chips button{width:28px;height:28px}.chips svg{width:16px;height:16px;margin:auto}
form{display:flex;align-items:flex-end;gap:2px;padding:8px;border-top:1px solid var(--l)}
textarea{flex:1;min-width:0;min-height:44px;max-height:132px;resize:none;padding:10px;border:1px solid var(--m);border-radius:10px;background:var(--b);font-size:16px;line-height:22px}
form button{color:var(--i)}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(max-width:480px){.panel{inset:0;width:auto;max-width:none;height:100vh;height:100dvh;border:0;border-radius:0;padding-bottom:env(safe-area-inset-bottom)}}
`;
