"""Korean regions and their names: the first level, and every city, county and district."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FIRST_LEVEL: Mapping[str, str] = MappingProxyType(
    {
        "서울": "서울특별시 서울시 Seoul",
        "부산": "부산광역시 부산시 Busan",
        "대구": "대구광역시 대구시 Daegu",
        "인천": "인천광역시 인천시 Incheon",
        "광주": "광주광역시 광주시 Gwangju",
        "대전": "대전광역시 대전시 Daejeon",
        "울산": "울산광역시 울산시 Ulsan",
        "세종": "세종특별자치시 세종시 Sejong",
        "경기": "경기도 Gyeonggi",
        "강원": "강원특별자치도 강원자치도 강원도 Gangwon",
        "충북": "충청북도 충북도 Chungcheongbuk Chungbuk",
        "충남": "충청남도 충남도 Chungcheongnam Chungnam",
        "전북": "전북특별자치도 전북자치도 전라북도 전북도 Jeollabuk Jeonbuk",
        "전남": "전라남도 전남도 Jeollanam Jeonnam",
        "경북": "경상북도 경북도 Gyeongsangbuk Gyeongbuk",
        "경남": "경상남도 경남도 Gyeongsangnam Gyeongnam",
        "제주": "제주특별자치도 제주자치도 제주도 Jeju",
    }
)
"""The short name, which is the region's id, and the others."""

MERGED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    dict.fromkeys(
        ("전남광주통합특별시", "전남광주특별시", "광주특별시", "전남광주"), ("전남", "광주")
    )
)
"""Names of a government that two regions have in common; both are meant."""

SECOND_LEVEL: Mapping[str, str] = MappingProxyType(
    {
        "서울": "종로구 Jongno 용산구 Yongsan 성동구 Seongdong 광진구 Gwangjin 동대문구 Dongdaemun 중랑구 Jungnang "
        "성북구 Seongbuk 강북구 Gangbuk 도봉구 Dobong 노원구 Nowon 은평구 Eunpyeong 서대문구 Seodaemun 마포구 Mapo "
        "양천구 Yangcheon 강서구 Gangseo 구로구 Guro 금천구 Geumcheon 영등포구 Yeongdeungpo 동작구 Dongjak "
        "관악구 Gwanak 서초구 Seocho 강남구 Gangnam 송파구 Songpa 강동구 Gangdong 중구 Jung-gu",
        "부산": "영도구 Yeongdo 부산진구 Busanjin 동래구 Dongnae 해운대구 Haeundae 사하구 Saha 금정구 Geumjeong "
        "강서구 Gangseo 연제구 Yeonje 수영구 Suyeong 사상구 Sasang 기장군 Gijang 중구 Jung-gu 동구 Dong-gu "
        "서구 Seo-gu 남구 Nam-gu 북구 Buk-gu",
        "대구": "수성구 Suseong 달서구 Dalseo 달성군 Dalseong 군위군 Gunwi 중구 Jung-gu 동구 Dong-gu 서구 Seo-gu "
        "남구 Nam-gu 북구 Buk-gu",
        "인천": "제물포구 Jemulpo 영종구 Yeongjong 검단구 Geomdan 서해구 Seohae 미추홀구 Michuhol 연수구 Yeonsu "
        "남동구 Namdong 부평구 Bupyeong 계양구 Gyeyang 강화군 Ganghwa 옹진군 Ongjin 중구 Jung-gu 동구 Dong-gu "
        "서구 Seo-gu",
        "광주": "광산구 Gwangsan 동구 Dong-gu 서구 Seo-gu 남구 Nam-gu 북구 Buk-gu",
        "대전": "유성구 Yuseong 대덕구 Daedeok 중구 Jung-gu 동구 Dong-gu 서구 Seo-gu",
        "울산": "울주군 Ulju 중구 Jung-gu 동구 Dong-gu 남구 Nam-gu 북구 Buk-gu",
        "경기": "수원시 Suwon 용인시 Yongin 고양시 Goyang 화성시 Hwaseong 성남시 Seongnam 부천시 Bucheon "
        "남양주시 Namyangju 안산시 Ansan 평택시 Pyeongtaek 안양시 Anyang 시흥시 Siheung 파주시 Paju 김포시 Gimpo "
        "의정부시 Uijeongbu 광주시 Gwangju-si 하남시 Hanam 광명시 Gwangmyeong 군포시 Gunpo 양주시 Yangju 오산시 Osan "
        "이천시 Icheon 안성시 Anseong 구리시 Guri 의왕시 Uiwang 포천시 Pocheon 여주시 Yeoju 동두천시 Dongducheon "
        "과천시 Gwacheon 양평군 Yangpyeong 가평군 Gapyeong 연천군 Yeoncheon 장안구 Jangan-gu 권선구 Gwonseon "
        "팔달구 Paldal 영통구 Yeongtong 수정구 Sujeong 중원구 Jungwon 분당구 Bundang 만안구 Manan 동안구 Dongan "
        "상록구 Sangnok 단원구 Danwon 덕양구 Deogyang 일산동구 Ilsandong 일산서구 Ilsanseo 처인구 Cheoin "
        "기흥구 Giheung 수지구 Suji 원미구 Wonmi 소사구 Sosa 오정구 Ojeong 만세구 Manse-gu 효행구 Hyohaeng "
        "병점구 Byeongjeom 동탄구 Dongtan",
        "강원": "춘천시 Chuncheon 원주시 Wonju 강릉시 Gangneung 동해시 Donghae 태백시 Taebaek 속초시 Sokcho 삼척시 Samcheok "
        "홍천군 Hongcheon 횡성군 Hoengseong 영월군 Yeongwol 평창군 Pyeongchang 정선군 Jeongseon 철원군 Cheorwon "
        "화천군 Hwacheon 양구군 Yanggu 인제군 Inje 고성군 Goseong 양양군 Yangyang",
        "충북": "청주시 Cheongju 충주시 Chungju 제천시 Jecheon 보은군 Boeun 옥천군 Okcheon 영동군 Yeongdong-gun "
        "증평군 Jeungpyeong 진천군 Jincheon 괴산군 Goesan 음성군 Eumseong 단양군 Danyang 상당구 Sangdang 서원구 Seowon-gu "
        "흥덕구 Heungdeok 청원구 Cheongwon",
        "충남": "천안시 Cheonan 공주시 Gongju 보령시 Boryeong 아산시 Asan 서산시 Seosan 논산시 Nonsan 계룡시 Gyeryong "
        "당진시 Dangjin 금산군 Geumsan 부여군 Buyeo 서천군 Seocheon 청양군 Cheongyang 홍성군 Hongseong 예산군 Yesan "
        "태안군 Taean 동남구 Dongnam 서북구 Seobuk",
        "전북": "전주시 Jeonju 군산시 Gunsan 익산시 Iksan 정읍시 Jeongeup 남원시 Namwon 김제시 Gimje 완주군 Wanju "
        "진안군 Jinan 무주군 Muju 장수군 Jangsu 임실군 Imsil 순창군 Sunchang 고창군 Gochang 부안군 Buan 완산구 Wansan "
        "덕진구 Deokjin",
        "전남": "목포시 Mokpo 여수시 Yeosu 순천시 Suncheon 나주시 Naju 광양시 Gwangyang 담양군 Damyang 곡성군 Gokseong "
        "구례군 Gurye 고흥군 Goheung 보성군 Boseong 화순군 Hwasun 장흥군 Jangheung 강진군 Gangjin 해남군 Haenam "
        "영암군 Yeongam 무안군 Muan 함평군 Hampyeong 영광군 Yeonggwang 장성군 Jangseong 완도군 Wando 진도군 Jindo "
        "신안군 Sinan",
        "경북": "포항시 Pohang 경주시 Gyeongju 김천시 Gimcheon 안동시 Andong 구미시 Gumi 영주시 Yeongju 영천시 Yeongcheon "
        "상주시 Sangju 문경시 Mungyeong 경산시 Gyeongsan 의성군 Uiseong 청송군 Cheongsong 영양군 Yeongyang "
        "영덕군 Yeongdeok 청도군 Cheongdo 고령군 Goryeong 성주군 Seongju 칠곡군 Chilgok 예천군 Yecheon 봉화군 Bonghwa "
        "울진군 Uljin 울릉군 Ulleung 남구 Nam-gu 북구 Buk-gu",
        "경남": "창원시 Changwon 진주시 Jinju 통영시 Tongyeong 사천시 Sacheon 김해시 Gimhae 밀양시 Miryang 거제시 Geoje "
        "양산시 Yangsan 의령군 Uiryeong 함안군 Haman 창녕군 Changnyeong 고성군 Goseong 남해군 Namhae 하동군 Hadong "
        "산청군 Sancheong 함양군 Hamyang 거창군 Geochang 합천군 Hapcheon 의창구 Uichang 성산구 Seongsan "
        "마산합포구 Masanhappo 마산회원구 Masanhoewon 진해구 Jinhae",
        "제주": "제주시 Jeju-si 서귀포시 Seogwipo",
    }
)
"""Official and English names by the region they lie in. Districts of cities that are no governments
of their own are among them."""

GREAT_CITIES = ("수원", "용인", "고양", "화성", "창원")
"""Cities that may be called 특례시."""

_WORDS_OF_THEIR_OWN = (
    "예산 부여 음성 영양 고령 장수 강진 영광 장성 진도 달성 기장 강화 남해 고성 인제 동해 화성 오산 사천 이천 "
    "구리 상주 양산 구미 영동 공주 완주 광명 정선 보은 성주 무주 의성 청도 양주 안성 고양 함양"
)
AMBIGUOUS = frozenset(_WORDS_OF_THEIR_OWN.split())
"""Stems of cities and counties that are words of their own; they name a place only before 시 or 군, or
right behind the name of their region."""

RARELY_PLACES = frozenset(
    ("예산", "강화", "고령", "장수", "구리", "영양", "공주", "기장", "달성", "부여", "고양", "함양")
)
"""Stems that mostly are the word even there (충남 예산 2억 원 확보)."""
