/** What a list of steps may hold, by the names of Architect YAML; generous, for what is missing here is only a warning. */
const actions = `
  abortSurveyInvite addFlowMilestone addUtilizationLabel askForBoolean askForIntent askForNextIntent askForNLUIntent
  askForNLUNextIntent askForPayment askForSlot askSurveyQuestion audioMonitoring blindTransfer
  callAgenticVirtualAgent callAudioConnector callBot callBotConnector callBotFlow callBridge callBridgeAction
  callCommonModule callData callDataSecure callDialogEngineBot callDialogflowBot callDialogflowCxBot callDigitalBot
  callDigitalBotConnector callDigitalBotFlow callGuide callLexBot callLexV2Bot callNuanceMixBot callSecureData callTask
  changeState clearConversationData clearIntent clearSlot clearUtilizationLabel clearVoicemailSnippet collectInput
  communicate completeSurveyInvite conferenceGroup conferenceUser convertToAudio createCallback createWorkitem
  dataTableLookup decision decisionTable decryptData deleteSecuredData detectSilence dialByExtension dialByName
  digitalMenu disconnect disconnectConversation enableParticipantRecord encryptData endBot endFlow endLoop endProgram
  endState endTask endWorkflow evaluateDecisionTable evaluateSchedule evaluateScheduleGroup exitBotFlow exitLoop
  extractSecureData findEmergencyGroup findGroup findLanguageSkill findQueue findQueueById findSchedule
  findScheduleGroup findSkill findSystemPrompt findUser findUserById findUserPrompt findUsersById flushAudio
  getAcdSkill getAttributes getConversationData getCustomAttributes getExternalContact getExternalOrganization
  getFlowMilestone getIntent getJourneyOutcome getJourneyOutcomeScoresBySession getJourneySegment getJourneySession
  getJourneySessionsByCustomer getJourneySessionsByExternalContact getKnowledgeArticle getParticipantData getResponse
  getSecuredData getSIPHeaders getSipHeaders getWorkitem holdMusic initializeFlowOutcome jumpToMenu jumpToTask
  loop loopAnythingElse loopExit loopNext loopUntil measureConversationSummary menu nextLoop parkInteraction playAudio
  playAudioOnSilence playEstimatedWaitTime playPositionInQueue playUserGreeting playUserName previousMenu
  processVoicemailInput pushToTalk readAttributes removeWorkitem repeatMenu returnToAgent returnToMenu saveWorkitem
  screenPop searchExternalContacts searchKnowledge secureCallData sendAutoReply sendEmail sendNotification sendResponse
  sendSms sendSurvey setActiveIntent setAttributes setConversationData setCustomAttributes setExternalContact
  setExternalTag setFlowOutcome setIntent setLanguage setLocale setParticipantData setParticipantRecord setPostFlow
  setPriority setSIPHeaders setSecuredData setSkills setSlot setScreenPop setUtilizationLabel setUUIData setUuiData
  setWhisperAudio setWrapupCode showKnowledgeArticle startRecording stopRecording submitVoicemailSnippet
  suspendRecording switch textToSpeech transcription transferToAcd transferToBridge transferToExternal transferToFlow
  transferToFlowSecure transferToGroup transferToGroupVoicemail transferToNumber transferToSecureFlow transferToUser
  transferToUserVoicemail transferToVoicemail updateAttributes updateConversationData updateData updateExternalContact
  updateWorkitem validateSlot verifyCaller voiceSurveyQuestion wait waitForInput
`;

/** What the choices of a menu may be. */
const choices = `
  choice menuCallTask menuChoice menuDialByExtension menuDialByName menuDialExtension menuDialName menuDisconnect
  menuEndTask menuJumpToMenu menuJumpToTask menuMenu menuPreviousMenu menuRepeat menuRepeatMenu menuReturnToMenu
  menuShowKnowledgeArticle menuSubMenu menuTask menuTransferToAcd menuTransferToExternal menuTransferToFlow
  menuTransferToFlowSecure menuTransferToGroup menuTransferToGroupVoicemail menuTransferToNumber
  menuTransferToSecureFlow menuTransferToUser menuTransferToUserVoicemail menuTransferToVoicemail
`;

/** Every action and choice that this tool has heard of. */
export const knownActions: ReadonlySet<string> = new Set(`${actions} ${choices}`.trim().split(/\s+/));
