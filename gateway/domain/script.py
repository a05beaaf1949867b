"""Traditional signs as Simplified ones: those of the words that rules about drafts know, and no others.

Matching and searching have the whole table (knowledge.normalize); a pure rule needs no dictionary for forty signs.
"""

_TRADITIONAL = "頭點內後兩鐘時會給將們為復覆節請間盡馬過幾處發辦應該沒別動聯繫電話務現週個號絡題員師財倉庫經專優這來傳幫確認親單訂貨賠償換補還誰麼嗎禮當無難證續結進時類說約業開關門剛實級門責團隊夠讓暫對從稱換啟動購買項顯預報郵寄資訊後聽覺準備"
_SIMPLIFIED = "头点内后两钟时会给将们为复复节请间尽马过几处发办应该没别动联系电话务现周个号络题员师财仓库经专优这来传帮确认亲单订货赔偿换补还谁么吗礼当无难证续结进时类说约业开关门刚实级门责团队够让暂对从称换启动购买项显预报邮寄资讯后听觉准备"
_TABLE = dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))


def simplified(sign: str) -> str:
    """Return the Simplified form of one sign, where the rules know it."""
    return _TABLE.get(sign, sign)
