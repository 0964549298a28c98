"""The grammar of TwiML: what is refused, with which code, and that Twilio's own classes agree."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from ivr.carrier.codes import ERRORS, WARNINGS, is_error, meaning
from ivr.carrier.grammar import ELEMENTS
from ivr.carrier.twiml import BadDocument, read_twiml
from tests.carrier.scripted import twiml

# The oracle lies beside the project; without it only our own table is tested.
ORACLE = Path(__file__).parents[3] / "shared" / "tools" / "twiml_grammar.py"

RIGHT = [
    "",
    "<Say>Hello.</Say>",
    '<Say voice="Polly.Joanna-Neural" language="en-US" loop="2">Hello.</Say>',
    '<Say voice="Google.en-US-Neural2-C">Wait <break time="1s"/> here.</Say>',
    '<Play loop="0">/hold.wav</Play><Play digits="1ww#"/>',
    '<Pause length="3"/>',
    '<Gather input="dtmf speech" timeout="5" speechTimeout="auto" numDigits="4" finishOnKey=""'
    ' action="/x?a=1&amp;b=2" method="GET" language="en-GB" hints="one, two" bargeIn="true"'
    ' profanityFilter="false" actionOnEmptyResult="true"><Say>a</Say><Play>b</Play><Pause/>'
    "</Gather>",
    '<Record action="/x" timeout="0" finishOnKey="12*" maxLength="180" playBeep="false"'
    ' trim="do-not-trim" recordingStatusCallback="/r"/>',
    '<Dial action="/x" timeout="20" timeLimit="600" callerId="+12125550100" hangupOnStar="true"'
    ' answerOnBridge="true" record="record-from-answer-dual" sequential="true" ringTone="us">'
    '<Number url="/w" statusCallback="/s" statusCallbackEvent="initiated ringing"'
    ' machineDetection="Enable">+12125550101</Number><Client><Identity>ann</Identity>'
    '<Parameter name="job" value="42"/></Client></Dial>',
    "<Dial>+12125550101</Dial>",
    '<Dial><Queue url="/w" method="GET">support</Queue></Dial>',
    '<Dial><Conference muted="true" beep="onEnter" startConferenceOnEnter="false" waitUrl=""'
    ' endConferenceOnExit="true" statusCallback="/c" statusCallbackEvent="start end join leave"'
    ' record="record-from-start" participantLabel="ann" maxParticipants="3">room</Conference>'
    "</Dial>",
    '<Enqueue action="/x" waitUrl="/w" waitUrlMethod="GET">support</Enqueue>',
    '<Redirect method="GET">/x</Redirect>',
    '<Reject reason="busy"/>',
    "<Leave/><Hangup/>",
]

WRONG = [
    # document                                                     code
    ("<say>Hello.</say>", 12200),
    ("<Speak>Hello.</Speak>", 12200),
    ("Hello.", 12200),
    ("<Say Voice='alice'>x</Say>", 12200),
    ("<Say><Pause/>x</Say>", 12200),
    ("<Say>  </Say>", 13520),
    ("<Say voice='Robert'>x</Say>", 13511),
    ("<Say voice='Google.en-US-Neural2-C' language='fr-FR'>x</Say>", 13511),
    ("<Say loop='many'>x</Say>", 13510),
    ("<Gather><Say voice='Robert'>x</Say></Gather>", 13321),
    ("<Gather><Say loop='-1'>x</Say></Gather>", 13322),
    ("<Say>" + "x" * 4097 + "</Say>", 13521),
    ("<Say voice='Polly.Joanna'>" + "x" * 3001 + "</Say>", 13521),
    ("<Say voice='Google.en-US-Neural2-C'>" + " " * 5000 + "x</Say>", 13521),
    ("<Play loop='x'>/a.wav</Play>", 13410),
    ("<Play digits='12e'/>", 13430),
    ("<Gather><Play digits='1'/></Gather>", 12200),
    ("<Pause length='0'/>", 13910),
    ("<Pause length='1.5'/>", 13910),
    ("<Gather><Record/></Gather>", 13320),
    ("<Gather><Gather/></Gather>", 13320),
    ("<Gather input='keys'/>", 13326),
    ("<Gather timeout='soon'/>", 13313),
    ("<Gather numDigits='0'/>", 13314),
    ("<Gather finishOnKey='##'/>", 13310),
    ("<Gather method='PUT'/>", 13312),
    ("<Gather speechTimeout='never'/>", 13327),
    ("<Gather maxSpeechTime='61'/>", 13328),
    ("<Gather partialResultCallbackMethod='PUT'/>", 13329),
    ("<Gather hints='" + "x," * 501 + "'/>", 13330),
    ("<Gather hints='" + "x" * 101 + "'/>", 13330),
    ("<Gather language='english'/>", 13331),
    ("<Gather bargeIn='yes'/>", 13332),
    ("<Gather profanityFilter='yes'/>", 13333),
    ("<Gather actionOnEmptyResult='yes'/>", 13338),
    ("<Gather speechModel='phone_call' speechTimeout='auto'/>", 13335),
    ("<Gather action='a b'/>", 11100),
    ("<Gather action='ftp://h.test/x'/>", 11100),
    ("<Gather action='http://under_score.test/'/>", 11100),
    ("<Record method='PUT'/>", 13610),
    ("<Record timeout='x'/>", 13611),
    ("<Record maxLength='0'/>", 13612),
    ("<Record finishOnKey='A'/>", 13613),
    ("<Record transcribe='yes'/>", 13614),
    ("<Record transcribe='true' maxLength='180'/>", 13615),
    ("<Record playBeep='yes'/>", 13616),
    ("<Record trim='yes'/>", 13699),
    ("<Record recordingStatusCallbackEvent='done'/>", 13621),
    ("<Record recordingStatusCallback='a b'/>", 13256),
    ("<Record transcribeCallback='a b'/>", 13257),
    ("<Dial><Say>x</Say></Dial>", 13215),
    ("<Dial method='PUT'>+12125550101</Dial>", 13210),
    ("<Dial timeout='4'>+12125550101</Dial>", 13212),
    ("<Dial hangupOnStar='1'>+12125550101</Dial>", 13213),
    ("<Dial timeLimit='0'>+12125550101</Dial>", 13216),
    ("<Dial record='yes'>+12125550101</Dial>", 13217),
    ("<Dial sequential='yes'>+12125550101</Dial>", 13218),
    ("<Dial answerOnBridge='yes'>+12125550101</Dial>", 13219),
    ("<Dial ringTone='disco'>+12125550101</Dial>", 13220),
    ("<Dial statusCallback='/s'>+12125550101</Dial>", 12200),
    ("<Dial callReason='" + "x" * 51 + "'>+12125550101</Dial>", 12200),
    ("<Dial><Number method='PUT'>+12125550101</Number></Dial>", 13221),
    ("<Dial><Number sendDigits='x'>+12125550101</Number></Dial>", 13222),
    ("<Dial><Number statusCallbackEvent='done'>+12125550101</Number></Dial>", 12200),
    ("<Dial><Queue method='PUT'>q</Queue></Dial>", 14210),
    ("<Dial><Queue url='a b'>q</Queue></Dial>", 14211),
    ("<Dial><Queue>q</Queue><Number>+12125550101</Number></Dial>", 13000),
    ("<Dial><Conference muted='1'>r</Conference></Dial>", 13230),
    ("<Dial><Conference endConferenceOnExit='1'>r</Conference></Dial>", 13231),
    ("<Dial><Conference startConferenceOnEnter='1'>r</Conference></Dial>", 13232),
    ("<Dial><Conference waitUrl='a b'>r</Conference></Dial>", 13233),
    ("<Dial><Conference waitMethod='PUT'>r</Conference></Dial>", 13234),
    ("<Dial><Conference beep='loud'>r</Conference></Dial>", 13235),
    ("<Dial><Conference trim='x'>r</Conference></Dial>", 13239),
    ("<Dial><Conference coach='ann'>r</Conference></Dial>", 13240),
    ("<Dial><Conference participantLabel='a/b'>r</Conference></Dial>", 16023),
    ("<Enqueue method='PUT'>q</Enqueue>", 14201),
    ("<Enqueue waitUrl='a b'>q</Enqueue>", 14202),
    ("<Enqueue action='a b'>q</Enqueue>", 14203),
    ("<Enqueue waitUrlMethod='PUT'>q</Enqueue>", 14206),
    ("<Enqueue maxQueueSize='3'>q</Enqueue>", 12200),
    ("<Redirect method='PUT'>/x</Redirect>", 13710),
    ("<Reject reason='tired'/>", 13810),
    ("<Hangup><Say>x</Say></Hangup>", 12200),
    ("<Leave now='true'/>", 12200),
]


def codes(inside: str) -> list[int]:
    _, findings = read_twiml(twiml(inside))
    return [finding.code for finding in findings]


@pytest.mark.parametrize("inside", RIGHT)
def test_right_twiml_has_no_findings(inside: str) -> None:
    assert codes(inside) == []


@pytest.mark.parametrize(("inside", "code"), WRONG)
def test_wrong_twiml_earns_its_code(inside: str, code: int) -> None:
    assert codes(inside) == [code]


def test_a_wrong_attribute_is_as_if_it_had_not_been_written() -> None:
    (gather,), _ = read_twiml(twiml("<Gather numDigits='x' timeout='9'/>"))

    assert gather.attributes == {"timeout": "9"}


def test_a_wrong_element_is_passed_over_and_the_rest_played() -> None:
    verbs, _ = read_twiml(twiml("<Say>One.</Say><Speak>Two.</Speak><Say>Three.</Say>"))

    assert [verb.text for verb in verbs] == ["One.", "Three."]


NO_TWIML = [
    (b"", 12100),
    (b"not xml", 12100),
    (b" <?xml version='1.0'?><Response/>", 12100),
    (b"<Response><Say>&nbsp;</Say></Response>", 12100),
    (b"<Response>\x0b</Response>", 12100),
    ("<Response><Say>\ufffe</Say></Response>".encode(), 12100),
    (b"<Response/><Response/>", 12100),
    (b"<response/>", 12102),
    (b"<Response>" + b" " * (64 * 1024) + b"</Response>", 11750),
]


@pytest.mark.parametrize(("body", "code"), NO_TWIML)
def test_what_is_no_document_is_refused_whole(body: bytes, code: int) -> None:
    with pytest.raises(BadDocument) as refused:
        read_twiml(body)

    assert refused.value.code == code
    assert refused.value.sentence


def test_every_code_has_one_meaning_and_one_level() -> None:
    assert not ERRORS.keys() & WARNINGS.keys()
    assert all(meaning(code) for code in (*ERRORS, *WARNINGS))
    assert (is_error(12100), is_error(12200)) == (True, False)


def test_every_nested_element_has_its_own_rule() -> None:
    nested = {name for element in ELEMENTS.values() for name in element.children}

    assert nested <= ELEMENTS.keys()


@pytest.fixture(scope="module")
def violations() -> Callable[[bytes], list[str]]:
    if not ORACLE.exists():
        return lambda _: []
    spec = importlib.util.spec_from_file_location("twiml_grammar", ORACLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[bytes], list[str]] = module.violations
    return found


@pytest.mark.parametrize("inside", RIGHT)
def test_twilios_classes_know_what_we_call_right(
    violations: Callable[[bytes], list[str]], inside: str
) -> None:
    assert violations(twiml(inside)) == []


def test_what_twilios_classes_do_not_know_we_do_not_know(
    violations: Callable[[bytes], list[str]],
) -> None:
    """We are as strict as they are, and in values stricter."""
    loose = [inside for inside, _ in WRONG if violations(twiml(inside)) and not codes(inside)]

    assert loose == []


def test_what_twilios_library_writes_is_right() -> None:
    response = VoiceResponse()
    gather = Gather(action="/keyed", num_digits=3, finish_on_key="", input="dtmf speech")
    gather.say("Enter <it> & wait", voice="Polly.Joanna", language="en-US")
    response.append(gather)
    dial = Dial(action="/dialed", answer_on_bridge=True, time_limit=7200)
    dial.conference("room", start_conference_on_enter=True, wait_url="", beep="false")
    response.append(dial)
    response.enqueue("support", wait_url="/wait", action="/left")
    response.record(action="/said", max_length=180, finish_on_key="#", play_beep=True)
    response.redirect("/next?turn=2#rc=2&rp=5xx", method="POST")

    verbs, findings = read_twiml(str(response).encode())
    assert findings == ()
    assert [verb.name for verb in verbs] == ["Gather", "Dial", "Enqueue", "Record", "Redirect"]
