"""Attacks that run, or ask for an address, where they are taken for markup; each leaves a mark with its own number.

A mark is a global ``od_fired_7``, or a request whose address holds ``od-fired-7``. ``test_attacks.py`` lets all of
them fire on a page of their own first: what cannot fire proves nothing.
"""

from __future__ import annotations

import re

FIRE = "od_fired_N=1"
CODED = "".join(f"&#{ord(letter)};" for letter in FIRE[:3]) + FIRE[3:]
HEX = "".join(f"&#x{ord(letter):x}" for letter in FIRE[:3]) + ";" + FIRE[3:]
ESCAPED = "\\u006f" + FIRE[1:]
ADDRESS = "https://od-fired-N.invalid/x"
IMG = f"<img src=od_fired_N.png onerror={FIRE}>"

BY_THEMSELVES = [
    IMG,
    f"<svg onload={FIRE}>",
    f"<body onload={FIRE}>",
    f"<body onpageshow={FIRE}>",
    f"<details open ontoggle={FIRE}>x</details>",
    f"<video><source onerror={FIRE}></video>",
    f"<video src=od_fired_N.mp4 onerror={FIRE}></video>",
    f"<audio src=od_fired_N.mp3 onerror={FIRE}></audio>",
    f"<audio src=od_fired_N.mp3 onloadstart={FIRE}></audio>",
    f"<input autofocus onfocus={FIRE}>",
    f"<select autofocus onfocus={FIRE}></select>",
    f"<div tabindex=1 autofocus onfocus={FIRE}>x</div>",
    f"<p contenteditable autofocus onfocus={FIRE}>x</p>",
    f"<xss tabindex=1 autofocus onfocus={FIRE}>x</xss>",
    f"<input type=image src=od_fired_N.png onerror={FIRE}>",
    f"<object data=od_fired_N.png onerror={FIRE}></object>",
    f"<embed src=data:text/plain,x onload={FIRE}>",
    f"<iframe onload={FIRE}></iframe>",
    f"<link rel=stylesheet href=od_fired_N.css onerror={FIRE}>",
    f"<link rel=stylesheet href=data:text/css,a{{}} onload={FIRE}>",
    f"<style onload={FIRE}></style>",
    f"<img src=data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA= onload={FIRE}>",
    f"<img srcset=od_fired_N.png onerror={FIRE}>",
    f"<picture><source srcset=od_fired_N.png><img onerror={FIRE}></picture>",
    f"<svg><image href=od_fired_N.png onerror={FIRE} /></svg>",
    f"<svg><animate attributeName=x dur=1s onbegin={FIRE} /></svg>",
    f"<svg><set attributeName=x to=1 onbegin={FIRE} /></svg>",
    f"<div style='animation:od 1ms' onanimationstart={FIRE}></div><style>@keyframes od{{}}</style>",
    f"<math><mtext></mtext>{IMG}</math>",
    f"<math><mi style='animation:od 1ms' onanimationstart={FIRE}></mi></math><style>@keyframes od{{}}</style>",
]
SCRIPTS = [
    f"<script>{FIRE}</script>",
    f"<script type=module>globalThis.{FIRE}</script>",
    f"<script src=data:text/javascript,{FIRE}></script>",
    f"<script src=od_fired_N.js onerror={FIRE}></script>",
    f"<svg><script>{FIRE}</script></svg>",
    f"<svg><script>{CODED}</script></svg>",
    f"<svg><script href=data:text/javascript,{FIRE}></script></svg>",
    f"<math><script>{FIRE}</script></math>{IMG}",
    f"<script>/*</script>*/{FIRE}</script>{IMG}",
    f"<script>eval('{ESCAPED}')</script>",
    "<script>setTimeout('od_fired_N=1')</script>",
    "<script>Function('od_fired_N=1')()</script>",
    "<script>globalThis[`od_fired_N`]=1</script>",
    "<script>[]['filter']['constructor']('od_fired_N=1')()</script>",
    f"<iframe srcdoc='<script>parent.{FIRE}</script>'></iframe>",
    f"<iframe srcdoc='&lt;img src=x onerror=parent.{FIRE}&gt;'></iframe>",
    f"<iframe src=javascript:parent.{FIRE}></iframe>",
    f"<iframe src='jav&#x09;ascript:parent.{FIRE}'></iframe>",
]
BREAKOUTS = [
    f'">{IMG}',
    f"'>{IMG}",
    f"`>{IMG}",
    f"</script>{IMG}",
    f"</script><script>{FIRE}</script>",
    f"</style><script>{FIRE}</script>",
    f"</title><script>{FIRE}</script>",
    f"</textarea>{IMG}",
    f"</select>{IMG}",
    f"</td></tr></table>{IMG}",
    f"</bdi></strong></p>{IMG}",
    f"</iframe>{IMG}",
    f"-->{IMG}",
    f"--!>{IMG}",
    f"'-{FIRE}-'<svg onload={FIRE}>",
    f"${{{FIRE}}}{IMG}",
    f"{{{{constructor.constructor('{FIRE}')()}}}}{IMG}",
    f'" autofocus onfocus="{FIRE}" x="{IMG}',
]
NESTED = [
    f'<noscript><p title="</noscript>{IMG}">',
    f'<style><p title="</style>{IMG}">',
    f'<textarea><p title="</textarea>{IMG}">',
    f'<xmp><p title="</xmp>{IMG}">',
    f'<title><p title="</title>{IMG}">',
    f'<iframe><p title="</iframe>{IMG}">',
    f"<!-->{IMG}-->",
    f"<!--x--!>{IMG}-->",
    f"<![CDATA[x>{IMG}]]>",
    f"<svg><desc><p>{IMG}</p></desc></svg>",
    f"<svg><foreignObject>{IMG}</foreignObject></svg>",
    f"<svg><p>{IMG}</p></svg>",
    f"<table><td>x</td>{IMG}</table>",
]
DISGUISED = [
    f"<IMG SRC=od_fired_N.png OnErRoR={FIRE}>",
    f"<img/src='od_fired_N.png'/onerror={FIRE}>",
    f"<img\tsrc=od_fired_N.png\nonerror\f=\r{FIRE}>",
    f"<img src=od_fired_N.png onerror={CODED}>",
    f"<img src=od_fired_N.png onerror={HEX}>",
    f"<img src=od_fired_N.png onerror={ESCAPED}>",
    f'<img src="od_fired_N.png" onerror="{FIRE}">',
    f"<img src='od_fired_N.png' onerror='{FIRE}'//>",
    f"<img src=od_fired_N.png title=a>b onerror=x><svg onload={FIRE}>",
    f"<<img src=od_fired_N.png onerror={FIRE}>>",
    f"<svg/onload={FIRE}//",
    f"<svg onload=void({FIRE})>",
    f"<sVg><scRipt>{FIRE}</scRipt></sVg>",
    f"\ufeff\u202e\u2066<svg onload={FIRE}>",
    f"{'x' * 40} <svg onload={FIRE}>",
    f"\x01\x1b[31m<svg onload={FIRE}>",
]
BY_A_CLICK = [
    f"<a id=click href=javascript:{FIRE}>x</a>",
    f"<a id=click href='jav\tasc\nript:{FIRE}'>x</a>",
    f"<a id=click href=javascript&colon;{FIRE}>x</a>",
    f"<a id=click href=JaVaScRiPt:{FIRE}>x</a>",
    f"<button id=click onclick={FIRE}>x</button>",
    f"<b id=click onclick={FIRE}>x</b>",
    f"<form><button id=click formaction=javascript:{FIRE}>x</button></form>",
    f"<form action=javascript:{FIRE}><button id=click>x</button></form>",
    f"<form><input type=submit id=click formaction=javascript:{FIRE}></form>",
    f"<form onsubmit='{FIRE};return false'><button id=click>x</button></form>",
    f"<svg><a href=javascript:{FIRE}><text id=click y=20>x</text></a></svg>",
    f"<label id=click onclick={FIRE}>x</label>",
    f"<details ontoggle={FIRE}><summary id=click>x</summary></details>",
]
REQUESTS = [
    f"<img src={ADDRESS}>",
    f"<img srcset={ADDRESS}>",
    f"<video poster={ADDRESS}></video>",
    f"<audio src={ADDRESS}></audio>",
    f"<div style='background:url({ADDRESS})'>x</div>",
    f"<style>@import url({ADDRESS});</style>",
    f"<link rel=stylesheet href={ADDRESS}>",
    f"<iframe src={ADDRESS}></iframe>",
    f"<body background={ADDRESS}>",
    f"<svg><image href={ADDRESS} /></svg>",
    f"<script src={ADDRESS}></script>",
    f"<input type=image src={ADDRESS}>",
]
ALL = [*BY_THEMSELVES, *SCRIPTS, *BREAKOUTS, *NESTED, *DISGUISED, *BY_A_CLICK, *REQUESTS]
PAYLOADS = [re.sub(r"fired([_-])N", rf"fired\g<1>{number}", payload) for number, payload in enumerate(ALL)]
