"""The wordings that may mean danger, by what they are about. Data, to be read by people who know young people.

One line is one wording. Words are as they stand after tidying (rules/safety.py): lower case, no apostrophes.
`a/b` either word · `a_b` two words that count as one · `a*` any ending · `a?` may be missing · `.` up to one word
between · `..` up to three · `END` the message ends here · `#child` `#adult` an age,
`#number` any number · `IN_CAPITALS` any of the words in GROUPS.

Written against the labelled phrases we have, leaning to recall: help shown for nothing costs one glance. How well it
does on phrases it has not seen is measured elsewhere, not claimed here.
"""

from __future__ import annotations

from enum import StrEnum


class Topic(StrEnum):
    """What a wording may be about, most urgent first. For choosing what to say, never for scoring a person."""

    EMERGENCY = "emergency"
    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    ABUSE = "abuse"
    NO_SHELTER = "no_shelter"


GROUPS = {
    "PILLS": "pills/pill/tablets/paracetamol/ibuprofen/meds/medication/tabs/codeine/antidepressants/painkillers",
    "TAKE": "took/taken/take/taking/swallow*/necked/downed/had",
    "A_LOT": "all/many/loads/lots/bunch/handful/packet/packets/pack/box/bottle/some/whole",
    "SELF": "myself/my_self/meself/myslef/mysen/himself/herself/themself/themselves",
    "KILL": "kill/kil/killing/killin/hang/hanging/drown/drowning/shoot/stab/poison/poisoning/end/ending",
    "HARM": "harm/harming/hurt/hurting/cut/cutting/cuttin/burn/burning/burnt/burned/punch/punching/hit/hitting",
    "HARM_MORE": "bite/biting/starve/starving/scratch/scratching/scratched/stab/stabbing",
    "CUT": "cut/cuts/cutting/cuttin/burn/burnt/burned/burning/slit/slitting/slice/sliced/slash/slashed/carve/scratched",
    "LIMBS": "arm/arms/wrist/wrists/leg/legs/thigh/thighs/skin",
    "STRIKES": "hit/hits/hitting/beat/beats/beating/punched/punches/punching/slaps/slapped/slapping/kicks/kicking",
    "HURTS": "choked/chokes/choking/strangled/strangles/hurts/hurting/hurt/attacked/attacks/assaulted/stabbed",
    "THREATENS": "threatened/threatens/threatening/stalking/stalks",
    "THEY": "he/hes/hell/she/shes/they/theyre/theyll/boyfriend/bf/ex/partner/dad/stepdad/carer/carers",
    "WANT": "want/wanna/wana/wanting/wants/wanted",
    "NOT_WANT": "dont/do_not/didnt/doesnt/never",
}

# Taken out before looking, whole and exactly, so that anything else in the message still counts. A new one must be
# useless for saying something serious: "hit with a" is not an idiom, because of "hit with a belt".
IDIOMS = """
suicide squad
hit me up
hits me different
it hit/hits me that/how
beat me at
beat me to it
out of class/lesson/lessons/school/college/the_club/the_pub/the_group/the_group_chat
die/died/dead laughing
fit of
out of my account/email/phone
hit with a . bill/bills/fine/tax/charge
passport photo/photos
""".strip().splitlines()

WORDINGS: dict[Topic, list[str]] = {
    Topic.EMERGENCY: """
overdose*/overdosing
TAKE .. A_LOT .. PILLS
swallow*/drank/drunk/drink/drinking .. bleach/antifreeze/battery
took/taken/taking/take too/to many
TAKE #number . PILLS
too/to many PILLS
how many/much PILLS .. die/kill/many/much/dangerous/overdose/enough/end
how many/much paracetamol/ibuprofen/codeine/painkillers
cant/cannot/struggling_to breathe
not breathing
chest hurts/pain/pains
wont/cant/doesnt/not . wake/waking_up
having a fit/seizure
unconscious
gone/turned/turning blue
been/got/was/being stabbed/shot
wont/cant/doesnt . stop/stopping . bleeding
bleeding .. wont_stop/cant_stop/loads/lots/heavily/badly/out/everywhere
cut . too/to deep
someone/friend/mate/she/he/shes/hes .. took/taken something
""".strip().splitlines(),
    Topic.SUICIDE: """
suicid*/sucid*/suicd*/suisid*/suacid*/siucid*/sewerslide/unalive*/unaliving/kms/kys
KILL . SELF
want/wants/wanna/wana/wanting/wish/ready/need/rather/wanted/try/tried/trying . . to? die/dead/be_dead
die/dead tonight/today/tomorrow
wish . i . was/were/wasnt/werent . dead/not_here/not_alive/gone
wish . i . wasnt/werent/wasn/were_not/was_not . here/alive/around/born
wish . i/id/ive . never . been? born/existed/woke
NOT_WANT WANT to? be/b here/alive/around
dont/do_not/didnt/doesnt want/wanna/wana/wants to? exist/wake_up/go_on/carry_on/keep_going
dont/do_not/didnt/doesnt want/wanna/wana/wants to? live . anymore/any_more/no_more
dont/do_not/didnt/doesnt want/wanna/wana/wants to? live END
not/never wake/waking up
sleep forever/for_ever
no/any/aint_no reason/reasons to live/be_here/be_alive/go_on/carry_on
nothing . to live for
no/the/any point . living/life/being_alive/being_here/going_on/carrying_on/me/trying_anymore
life . not/isnt . worth/worth_living
life/living isnt/is_not/not worth
wont/will_not/might_not be here/around . xmas/christmas/longer/tomorrow/long/anyway/next/then/much
better . off dead/without_me/if_i/gone/not_here
end/ending/ended/finish . my . life
want/wanna/wana/wish/need . it/everything . all? to? end/stop/be_over
want/wanna/wana/could . just? to? disappear/vanish
i give up END
hate/despise . myself/my_self
got/tied/bought . a? rope/noose
end/ending it/things all/tonight/now/soon/today/tomorrow/for_good/forever
thinking/thinkin/thought/think about/of end/ending it/things
want/wanna/wana/going/gonna to? end it
take/taking/took my own? life
cant go_on/carry_on/keep_going
cant cope
cant do/take/cope/handle/face . . anymore/any_more/no_more/much_longer
goodbye/bye/suicide letter/letters/note/notes
letter/letters/note/notes to/for everyone
when/once/after im/i_am gone
jump/jumping/jumped . . . bridge/roof/balcony/window/car_park/train
gonna/going_to/gunna/wants_to/about_to jump
stood/standing/stand/sat/sitting/am/im on/at/by/near . bridge/ledge/roof/edge/tracks/railway/platform
front of . train/bus/lorry/car
guts/nerve/courage/brave_enough to do/die/end it?
goodbye/bye . everyone/forever/world/for_good/for_ever
goodbye .. trying/everything/sorry/being
this is goodbye
cba/done/tired/sick/fed_up/over/finished with/of/on life/living/existing/being_alive
give/giving/given/gave up on . life/living/everything
hate . my life/being_alive/living
nothing feels real
stopped/dont/not care/caring what . happens/happen
dont care . if . i . live/die/wake
never/wont/not see me again/ever/anymore
dont/do_not look for me
not be found
going/gone/go ghost
no_one/noone/nobody . would/will/wud/ud/d miss/care/notice
miss me when/if
if i died/die/was_dead/were_dead/wasnt_here/wasnt_around/disappeared/was_gone
""".strip().splitlines(),
    Topic.SELF_HARM: """
self/slef harm*/injur*/hurt*
selfharm*
to/doing/did/do sh
HARM . SELF
HARM_MORE . SELF
CUT . my/her/his . LIMBS
i/ive/have/just/been cut/cutting again
been/started/start/keep/back_to/stop cutting
relapsed
blade/razor/razors . . arm/arms/skin/leg/legs
used/using/use . . blade/razor/lighter_on
hit/hitting/bang/banging/smash/smashing/headbutt* . my head
make/makin/making/made myself sick/throw_up/be_sick/vomit/puke
not/havent/hasnt/aint eaten/eating/ate .. days/purpose/weeks
starving myself
""".strip().splitlines(),
    Topic.ABUSE: """
STRIKES me/us/him/her
HURTS me/us/him/her
THREATENS me/us/him/her
beat/beats/beating/beaten/battered me/us/her/him/up . up
being/been/getting/was/got hurt/hit/beaten/beat/abused/exploited/stalked/followed_home/attacked/groomed
being/been/getting/was/got assaulted/threatened/jumped
hits/beats/hurts/burns/starves the/my/our/her/his kid/kids/child/children/brother/sister/baby/mum
rape/raped/rapes/raping/rapist/rped/molest*/traffick*/blackmail*
sexual/sexually abus*/assault*/touch*/exploit*
abuse/abused/abusing/abuser/abusive/abuses
groomed/grooming me/us/her/him
touch/touched/touches/touching me/her/him/us/my
force/forced/forces/forcing me/us/her/him/to
make/makes/making/made me .. sex/sleep_with/sell/deal/touch/undress/strip
have/having/had sex with .. friends/mates/men/money
comes/came/coming/sneaks/gets/climbs in/into . my room/bed .. night/sleep/sleeping/asleep
dont/doesnt/didnt/never send . . pics/nudes/pictures/photos .. leak/post/share/send/show
leak/leaked/leaking/leaks . . pics/nudes/pictures/photos/vids/videos/others
leak the/my
lock/locked/locks me/us/her/him in
wont/doesnt/dont/never/not let/lets me/us out/leave/go
took/take/takes/taken my/our passport/passports/papers
takes my phone/money/card/benefits
work/working .. no/without pay/wages
holding/hold/carry/carrying/stashing/hiding .. food/drugs/gear/package/packages/knife/gun/weapon/weapons .. for/in/at
olders
took/taken/taking/take over my flat/house/place/room
cuckoo*/county_lines
go/going/went/gone country/cunch/ot
owe . . money .. jobs/job/kill/hurt/pay/or/find/work
said/says/saying .. to/gotta do/run jobs/runs/drops
do/doing jobs/runs/drops for . them/him/olders
drop/dropping something/stuff/it/package . for . . mate/someone/them/him
said/says/saying/threatened/threatening/threatens/told .. kill/stab/shoot/hurt/burn me/us/him/her/my
THEY . . . kill/stab/shoot me/us
scared/afraid/frightened/terrified of/to .. THEY
scared/afraid/frightened/terrified of/to .. him/her/them/home/mum/back
scared . . THEY
dont/doesnt/not/never feel safe
im/am/isnt/not not? safe . here/home/at/there/with
im/am not safe
unsafe
in danger
hurt/kill/stab . people/someone/somebody/him/her/them
knife/gun/blade .. throat/neck/head
got/has/had/pulled/pulls/with . a? knife/gun/machete .. me/us
dont/cant/not tell . . . or/moved
im/am #child . and/but/he/hes/shes . hes/he/shes/she/is . #adult
he/hes/she/shes is? #adult . . . im/am #child
""".strip().splitlines(),
    Topic.NO_SHELTER: """
nowhere/nowere/no_where/no_place/knowhere .. sleep/stay/go/crash/live/tonight
dont_have/havent_got/havent/not_got/aint_got/without/no .. anywhere/nowhere/somewhere . to sleep/stay/live/crash
kick/kicked/kicking/chuck/chucked/chucking/thrown/threw/throw/throwing/boot/booted/booting/turfed . . out
sleep/sleeping/slept/slep/sleepin rough/outside/outdoors
sleep/sleeping/slept/sleepin at/in/on/under . . bus/train/station/park/car/tent/bus_stop/bench/bridge/shed
sleep/sleeping/slept/sleepin at/in/on/under . . stairwell/doorway/street/streets
on . streets/street tonight/now/again/since
im/am/living on . streets/street
homeless tonight/tonite/now/since/again/today/tomorrow
im/am/made/becoming/were/gonna_be/going_to_be homeless
change/changed/changing . . locks/lock
locked . out
no bed/beds/room/space for . me/us
evicted/eviction tonight/today/tomorrow/now
ran/run/running/runaway . away
hasnt/havent/not/never/didnt come/came/been . home
gone/went/child_is/kid_is/been missing
dunno/dont_know/idk/not_sure where . i/we/im . am/are
standing/stood/sitting/sat/stuck outside .. rain/cold/nowhere/night
""".strip().splitlines(),
}
