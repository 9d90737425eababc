import time, pytest, resource
from tests.waymark.cases.desks import desk_in
from tests.factories.people import opened_case
from tests.waymark.cases.conftest import cheap
from waymark.reports.actions.leaving import take_out_cases
from waymark.cases.models import Case
@pytest.mark.django_db
def test_export():
    desk=desk_in()
    N=2000
    t=time.perf_counter()
    for n in range(N): opened_case(desk.person, name=f"Invented {n}", facts={"born":"1990-05-04","languages":"Spanish"})
    print("made", N, time.perf_counter()-t)
    for form in ("csv","xlsx"):
        with desk.person.acting():
            cases=list(Case.objects.select_related("person","worker"))
            c=time.process_time(); t=time.perf_counter()
            out=take_out_cases(vault=desk.person.vault(), cases=cases, form=form, by=desk.user)
            print(form, len(cases), "cases", len(out), "bytes; wall", round(time.perf_counter()-t,2), "cpu", round(time.process_time()-c,2), "maxrss MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024)
