"""The facility sees who signed a file it sent."""

import pytest
from browsing import look, sign_in
from playwright.sync_api import expect
from psycopg.types.json import Jsonb
from sent import send


pytestmark = pytest.mark.browser


def test_a_signed_file_says_who_signed_it(watched, live, conn, make_account) -> None:
    make_account("nga", role="facility", facility="99001", name="Nguyễn Thị Nga")
    number = send(conn)
    told = {"state": "untrusted", "name": "TRẠM Y TẾ XÃ THỬ NGHIỆM"}
    conn.execute("update intake_submission set signature = %s where id = %s", (Jsonb(told), number))
    conn.commit()
    sign_in(watched, live, "nga")
    watched.goto(f"{live}/co-so/lan-gui/{number}/")
    words = "Đã ký bởi TRẠM Y TẾ XÃ THỬ NGHIỆM (hệ thống chưa biết đơn vị cấp chứng thư)"
    expect(watched.get_by_text(words).first).to_be_visible()
    look(watched, "submission-signed")
