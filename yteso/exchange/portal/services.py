"""The services by their paths. How the portal spells the 3176 ones is unconfirmed and clients differ, so letter case
does not count."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from yteso.exchange.portal import asking, codes, sending


SERVICES = {
    "token/take": sending.take,
    "egw/guihosogiamdinh4210": sending.send_4210,
    "egw/nhankqtiepnhanhs4210": asking.days_4210,
    "egw/nhanchitiethsngay4210": asking.day_4210,
    "egw/nhanchitietloihs4210": asking.faults_4210,
}


@csrf_exempt
@login_not_required
def door(request: HttpRequest, group: str, call: str) -> HttpResponse:
    """The service at `/api/<group>/<call>`. Software is known by its token; cookies count for nothing here."""
    path = f"{group}/{call}".lower()
    if group.lower() == "qd130" and (wanted := codes.calls().get(call.lower())):
        return sending.send(request, wanted)
    return SERVICES.get(path, sending.unknown)(request)
