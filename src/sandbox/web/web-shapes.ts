import { boolean, integer, list, oneOf, type Shape, string } from '../shapes.ts';

const object = (name: string, fields: Record<string, Shape>, more: { required?: string[]; readOnly?: string[] } = {}) =>
  ({ type: 'object', name, fields, nulls: true, ...more }) as const satisfies Shape;

const text = string();
const texts = list(text);
const color: Shape = { type: 'string', pattern: /^#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})$/ };
const reference = object('AddressableEntityRef', { id: text }, { readOnly: ['selfUri'] });
/** `{enabled}` and whatever else the settings hold. */
const settings = (name: string, fields: Record<string, Shape> = {}): Shape =>
  object(name, { enabled: boolean, ...fields });
const channels = list(oneOf('Webmessaging', 'Voice'));

/** The keys of texts that a configuration may hold. */
export const labelKeys = [
  'MessengerHomeHeaderTitle',
  'MessengerHomeHeaderSubTitle',
  'PushNotificationTitle',
  'PushNotificationBody',
  'MessengerLauncherButtonText',
] as const;

const conversations = settings('ConversationAppSettings', {
  showAgentTypingIndicator: boolean,
  showUserTypingIndicator: boolean,
  autoStart: settings('AutoStart'),
  markdown: settings('Markdown'),
  conversationDisconnect: settings('ConversationDisconnectSettings', { type: oneOf('Send', 'ReadOnly') }),
  conversationClear: settings('ConversationClearSettings'),
  humanize: settings('Humanize', { bot: object('BotMessengerProfile', { name: text, avatarUrl: text }) }),
  notifications: settings('NotificationsSettings', {
    notificationContentType: oneOf('IncludeMessagesContent', 'ExcludeMessagesContent'),
  }),
  sessionDurationSeconds: integer,
});

const messenger = settings('MessengerSettings', {
  styles: object('MessengerStyles', { primaryColor: color }),
  launcherButton: object('LauncherButtonSettings', {
    visibility: oneOf('On', 'Off', 'OnDemand'),
    displayType: oneOf('IconAndText', 'Icon', 'Text'),
    icon: object('Icon', { url: text }),
  }),
  fileUpload: object('FileUploadSettings', {
    enableAttachments: boolean,
    modes: list(
      object('FileUploadMode', {
        fileTypes: list(oneOf('image/jpeg', 'image/gif', 'image/png')),
        // The provider's maximum; the document only names 10240 as the default.
        maxFileSizeKB: { type: 'integer', min: 1, max: 10_240 },
      }),
    ),
  }),
  apps: object('MessengerApps', { conversations, knowledge: settings('Knowledge', { knowledgeBase: reference }) }),
  homeScreen: settings('MessengerHomeScreen', { logoUrl: text }),
  sessionPersistenceType: oneOf('AcrossSubdomains', 'DomainOrSubdomainOnly'),
});

const image = object(
  'SupportCenterImage',
  { source: object('SupportCenterImageSource', { defaultUrl: text }, { required: ['defaultUrl'] }) },
  { required: ['source'] },
);
const activeTemplate = object(
  'SupportCenterCompactCategoryModuleTemplate',
  { active: boolean },
  { required: ['active'] },
);
const detailedTemplate = object(
  'SupportCenterDetailedCategoryModuleTemplate',
  {
    active: boolean,
    sidebar: object('SupportCenterDetailedCategoryModuleSidebar', { enabled: boolean }, { required: ['enabled'] }),
  },
  { required: ['active', 'sidebar'] },
);
const moduleSetting = object(
  'SupportCenterModuleSetting',
  {
    type: oneOf('Search', 'Categories', 'FAQ', 'Contact', 'Results', 'Article', 'TopViewedArticles'),
    enabled: boolean,
    compactCategoryModuleTemplate: activeTemplate,
    detailedCategoryModuleTemplate: detailedTemplate,
  },
  { required: ['type', 'enabled'] },
);
const globalColors = ['backgroundColor', 'primaryColor', 'primaryColorDark', 'primaryColorLight', 'textColor'];

const supportCenter = object(
  'SupportCenterSettings',
  {
    enabled: boolean,
    knowledgeBase: reference,
    customMessages: list(
      object(
        'SupportCenterCustomMessage',
        { defaultValue: { type: 'string', min: 0, max: 300 }, type: oneOf('Welcome', 'Fallback') },
        { required: ['defaultValue', 'type'] },
      ),
    ),
    routerType: oneOf('Hash', 'Browser'),
    screens: list(
      object(
        'SupportCenterScreen',
        { type: oneOf('Home', 'Category', 'SearchResults', 'Article'), moduleSettings: list(moduleSetting) },
        { required: ['type', 'moduleSettings'] },
      ),
    ),
    enabledCategories: list(object('SupportCenterCategory', { id: text, image }, { readOnly: ['selfUri'] })),
    labelFilter: object('SupportCenterLabelFilter', { labels: list(reference) }),
    styleSetting: object(
      'SupportCenterStyleSetting',
      {
        heroStyle: object(
          'SupportCenterHeroStyle',
          { backgroundColor: color, textColor: color, image },
          { required: ['backgroundColor', 'textColor'] },
        ),
        globalStyle: object(
          'SupportCenterGlobalStyle',
          { ...Object.fromEntries(globalColors.map((name) => [name, color])), fontFamily: text },
          { required: [...globalColors, 'fontFamily'] },
        ),
      },
      { required: ['heroStyle', 'globalStyle'] },
    ),
    feedback: object('SupportCenterFeedbackSettings', { enabled: boolean }, { required: ['enabled'] }),
  },
  { required: ['enabled', 'enabledCategories', 'knowledgeBase', 'screens', 'styleSetting'] },
);

const selectorEvents = list(
  object('SelectorEventTrigger', { selector: text, eventName: text }, { required: ['eventName', 'selector'] }),
);
const journeyEvents = settings('JourneyEventsSettings', {
  excludedQueryParameters: texts,
  shouldKeepUrlFragment: boolean,
  searchQueryParameters: texts,
  pageviewConfig: oneOf('Auto', 'Once', 'Off'),
  clickEvents: selectorEvents,
  formsTrackEvents: list(
    object(
      'FormsTrackTrigger',
      { selector: text, formName: text, captureDataOnFormAbandon: boolean, captureDataOnFormSubmit: boolean },
      { required: ['captureDataOnFormAbandon', 'captureDataOnFormSubmit', 'formName', 'selector'] },
    ),
  ),
  idleEvents: list(
    object('IdleEventTrigger', { eventName: text, idleAfterSeconds: integer }, { required: ['eventName'] }),
  ),
  inViewportEvents: selectorEvents,
  scrollDepthEvents: list(
    object(
      'ScrollPercentageEventTrigger',
      { percentage: integer, eventName: text },
      { required: ['eventName', 'percentage'] },
    ),
  ),
  trackingSettings: object('TrackingSettings', {
    excludedQueryParameters: texts,
    shouldKeepUrlFragment: boolean,
    searchQueryParameters: texts,
    ipFilters: list(object('IpFilter', { ipAddress: text, name: text })),
  }),
});

const permitted = { allowCamera: boolean, allowScreenShare: boolean, allowMicrophone: boolean };
const video = settings('VideoSettings', {
  channels,
  agent: object('AgentVideoSettings', {
    ...permitted,
    background: oneOf('BLUR', 'NONE', 'IMAGE'),
    backgroundImage: object('BackgroundImageSettings', { url: text }),
  }),
  user: object('UserVideoSettings', permitted),
});

const cobrowse = settings('CobrowseSettings', {
  allowAgentControl: boolean,
  allowAgentNavigation: boolean,
  allowDraw: boolean,
  maskSelectors: texts,
  channels,
  readonlySelectors: texts,
  pauseCriteria: list(
    object('PauseCriteria', {
      urlFragment: text,
      condition: oneOf('Includes', 'DoesNotInclude', 'StartsWith', 'EndsWith', 'Equals'),
    }),
  ),
});

/** `WebDeploymentConfigurationVersion`, as POST and PUT of a draft take it; read-only fields are ignored. */
export const configurationShape = object(
  'WebDeploymentConfigurationVersion',
  {
    name: string(256),
    description: text,
    headlessMode: settings('WebDeploymentHeadlessMode'),
    languages: texts,
    defaultLanguage: text,
    customI18nLabels: list(
      object('CustomI18nLabels', {
        language: text,
        localizedLabels: list(object('LocalizedLabels', { key: oneOf(...labelKeys), value: text })),
      }),
    ),
    messenger,
    position: object('PositionSettings', {
      alignment: oneOf('Auto', 'Left', 'Right'),
      sideSpace: integer,
      bottomSpace: integer,
    }),
    supportCenter,
    cobrowse,
    journeyEvents,
    authenticationSettings: object(
      'AuthenticationSettings',
      { enabled: boolean, integrationId: text, allowSessionUpgrade: boolean },
      { required: ['enabled', 'integrationId'] },
    ),
    video,
  },
  {
    required: ['name'],
    readOnly: [
      ...['id', 'version', 'dateCreated', 'dateModified', 'datePublished', 'lastModifiedUser', 'createdUser'],
      ...['publishedUser', 'status', 'selfUri'],
    ],
  },
);

/** `WebDeployment`, as POST and PUT take it. */
export const deploymentShape = object(
  'WebDeployment',
  {
    name: string(256),
    description: text,
    allowAllDomains: boolean,
    allowedDomains: texts,
    supportedContent: object(
      'SupportedContentReference',
      { id: text },
      { required: ['id'], readOnly: ['name', 'selfUri', 'mediaTypes'] },
    ),
    flow: object(
      'WebDeploymentFlowEntityRef',
      { id: text },
      { required: ['id'], readOnly: ['name', 'selfUri', 'flowDescription', 'publishVersion'] },
    ),
    status: oneOf('Pending', 'Active', 'Inactive', 'Error', 'Deleting'),
    pushIntegrations: list(object('PushIntegration', { id: text, provider: oneOf('APNS', 'FCM') })),
    configuration: object(
      'WebDeploymentConfigurationVersionEntityRef',
      { id: text, version: text },
      { required: ['id', 'version'], readOnly: ['name', 'selfUri'] },
    ),
  },
  {
    required: ['configuration', 'name'],
    readOnly: ['id', 'snippet', 'dateCreated', 'dateModified', 'lastModifiedUser', 'selfUri'],
  },
);
