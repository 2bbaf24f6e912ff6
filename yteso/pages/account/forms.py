from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Says the same of an unknown account, a wrong password and a closed account: nobody learns who has one."""

    error_messages = {  # noqa: RUF012 (Django's own shape)
        "invalid_login": _("Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra và nhập lại."),
        "inactive": _("Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra và nhập lại."),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = _("Hãy nhập tên đăng nhập")
        self.fields["password"].error_messages["required"] = _("Hãy nhập mật khẩu")

    @property
    def problems(self) -> list[dict[str, str]]:
        """Every error with the field it leads to, in the shape the error summary takes."""
        return [
            {"text": message, "href": f"#{'username' if name == '__all__' else name}"}
            for name, messages in self.errors.items()
            for message in messages
        ]

    def error_of(self, name: str) -> str:
        return " ".join(self.errors.get(name, []))
