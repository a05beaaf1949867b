#!/bin/sh
# Put what the tests need of the machine on it with apt, where we may; else say which suites will be skipped.
# Nothing is configured or started here: tests start private servers of their own on free ports.
set -u

missing=""
while IFS='|' read -r shows packages suites; do
    sh -c "$shows" >/dev/null 2>&1 && continue
    missing="$missing $packages"
    echo "not on this machine: $packages ($suites)"
done <<'NEEDS'
test -x /usr/sbin/dovecot|dovecot-imapd dovecot-lmtpd dovecot-submissiond dovecot-sieve|mail over real servers
test -x /usr/sbin/postfix|postfix|real bounces and refusals of mail
ls /usr/lib/postgresql/*/bin/initdb || command -v initdb|postgresql|everything again on PostgreSQL
command -v git|git|drafts and versions of the knowledge in a repository
command -v redis-server|redis-server|several nodes
command -v chromium|chromium|the browser: widget and desk
fc-list :lang=zh-cn | grep -q . || ls /usr/share/fonts/opentype/noto/NotoSansCJK*|fonts-noto-cjk|Chinese on screenshots
NEEDS

[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "The suites named above are skipped. To run them: sudo apt-get install$missing"
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
install() {
    # shellcheck disable=SC2086 # a list of packages
    apt-get -o DPkg::Lock::Timeout=600 install -y -q --no-install-recommends $missing >/tmp/intake-apt.log 2>&1
}
echo "installing:$missing"
install || { apt-get -o DPkg::Lock::Timeout=600 update -q >/dev/null 2>&1 && install; } || {
    tail -n 5 /tmp/intake-apt.log
    echo "apt could not install them: the suites named above are skipped."
}
exit 0
