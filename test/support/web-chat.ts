/** The example of the tutorial "Configuring Web Messaging Channel Properties", as a document. */
export const tutorialDocument = `apiVersion: tutorial.genesys-gitops/v1
kind: WebChatConfiguration
metadata: { name: support-chat }
spec:
  organizations: [ORG_ID_1]
  theme:
    colors:
      primary: "#0052CC"
    typography: { fontSize: 16 }
  accessibility:
    { wcagLevel: AA, contrastRatio: 7.2 }
  greetings:
    messages: ["Hello, how can we assist you?", Welcome to support]
  availability:
    rules:
      - { dayOfWeek: MONDAY, startTime: "09:00", endTime: "17:00" }
  features:
    flags: { enableFileUpload: true, enableRichText: false }
    audiences: [premium_customers, trial_users]
    dynamicRouting: true
  replicateTo:
    organizations: [ORG_ID_2]
`;
