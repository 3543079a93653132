/**
 * Names of the IANA database (2025b; links and zones) that Node.js knows in any letter case and does not list: those of
 * places that were renamed, before or after, and those of no place. By area, the first of each line.
 */
const lines = `
-: CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran
-: Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore
-: Turkey UCT Universal W-SU WET Zulu
Africa: Asmara Timbuktu
America: Atikokan Atka Ensenada Fort_Wayne Knox_IN Montreal Nipigon Nuuk Pangnirtung Porto_Acre Rainy_River Rosario
America: Santa_Isabel Shiprock Thunder_Bay Virgin Yellowknife
America/Argentina: Buenos_Aires Catamarca ComodRivadavia Cordoba Jujuy Mendoza
America/Indiana: Indianapolis
America/Kentucky: Louisville
Antarctica: South_Pole
Asia: Ashkhabad Choibalsan Chongqing Chungking Dacca Harbin Ho_Chi_Minh Istanbul Kashgar Kathmandu Kolkata Macao
Asia: Tel_Aviv Thimbu Ujung_Pandang Ulan_Bator Yangon
Atlantic: Faroe Jan_Mayen
Australia: ACT Canberra Currie LHI NSW North Queensland South Tasmania Victoria West Yancowinna
Brazil: Acre DeNoronha East West
Canada: Atlantic Central Eastern Mountain Newfoundland Pacific Saskatchewan Yukon
Chile: Continental EasterIsland
Etc: GMT GMT+0 GMT+1 GMT+10 GMT+11 GMT+12 GMT+2 GMT+3 GMT+4 GMT+5 GMT+6 GMT+7 GMT+8 GMT+9 GMT-0 GMT-1 GMT-10 GMT-11
Etc: GMT-12 GMT-13 GMT-14 GMT-2 GMT-3 GMT-4 GMT-5 GMT-6 GMT-7 GMT-8 GMT-9 GMT0 Greenwich UCT UTC Universal Zulu
Europe: Belfast Kyiv Nicosia Tiraspol Uzhgorod Zaporozhye
Mexico: BajaNorte BajaSur General
Pacific: Chuuk Johnston Kanton Pohnpei Samoa Yap
US: Alaska Aleutian Arizona Central East-Indiana Eastern Hawaii Indiana-Starke Michigan Mountain Pacific Samoa
`;

export const unlistedZones: readonly string[] = lines
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [area = '', names = ''] = line.split(': ');
    return names.split(' ').map((name) => (area === '-' ? name : `${area}/${name}`));
  });
