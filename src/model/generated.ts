// Made by scripts/generate-types.ts from schemas/*.schema.json. Do not edit.
import type { JsonObject } from './json.ts';

/**
 * HTTP headers, compared and replaced whole.
 */
export type Headers = {
  [k: string]: string | Secret;
} | null;

export type DataActionSpec = {
  /**
   * The live name. Default: the handle. Changing it renames the action, keeping its id.
   */
  name?: string;
  /**
   * The integration, by name. `{id: ...}` only in an environment's patch, since ids differ per organisation.
   */
  integration:
    | string
    | {
        id: string;
      };
  /**
   * The category in Architect. Absent: the integration's name at creation, and not managed after it.
   */
  category?: string;
  /**
   * Whether only secure flows may use the action.
   */
  secure?: boolean;
  contract?: DataActionContract;
  config?: DataActionConfig;
  /**
   * A file with the request template (Velocity), beside the document. Its text is never changed.
   */
  requestTemplateFile?: string;
  /**
   * A file with the success template (Velocity), beside the document. Its text is never changed.
   */
  successTemplateFile?: string;
  /**
   * An export as the admin interface downloads it (`*.custom.json`). Its contract, config and secure count; what the document says itself goes before them.
   */
  file?: string;
};
/**
 * What goes in and what comes out, as JSON Schemas.
 */
export type DataActionContract = {
  input?: {
    /**
     * A JSON Schema, compared and replaced whole.
     */
    inputSchema?: JsonObject;
  };
  output?: {
    /**
     * A JSON Schema, compared and replaced whole.
     */
    successSchema?: JsonObject;
  };
};
/**
 * How the request is made and the response read.
 */
export type DataActionConfig = {
  /**
   * Seconds that Genesys waits for an answer. A Timeout document may wish for it instead.
   */
  timeoutSeconds?: number | null;
  request?: DataActionRequest;
  response?: DataActionResponse;
};
export type DataActionRequest = {
  /**
   * The URL (Velocity).
   */
  requestUrlTemplate?: string;
  /**
   * The body (Velocity).
   */
  requestTemplate?: string | null;
  /**
   * The HTTP method.
   */
  requestType?: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  headers?: Headers;
};
/**
 * A secret by the name under which the target grants it. Documents never hold the value.
 */
export type Secret = {
  /**
   * A name from the target's `secrets`.
   */
  secret: string;
};
export type DataActionResponse = {
  /**
   * JSONPath by name, for the success template.
   */
  translationMap?: {
    [k: string]: string;
  } | null;
  /**
   * What stands in where a JSONPath finds nothing.
   */
  translationMapDefaults?: {
    [k: string]: string;
  } | null;
  /**
   * The answer (Velocity).
   */
  successTemplate?: string | null;
};

export type TimeoutSpec = {
  /**
   * The integration, by name. `{id: ...}` only in an environment's patch, since ids differ per organisation.
   */
  integration:
    | string
    | {
        id: string;
      };
  /**
   * Seconds that Genesys waits for an answer.
   */
  timeoutSeconds: number;
  /**
   * Only these data actions, by name. Absent: all of the integration.
   *
   * @minItems 1
   */
  actions?: string[];
  /**
   * Data actions with a timeout of their own.
   */
  exceptions?: TimeoutException[];
};
export type TimeoutException = {
  /**
   * The data action's name.
   */
  name: string;
  timeoutSeconds: number;
};

export type FlowSpec = {
  /**
   * The type of the flow: the one top key of its Architect YAML. Another type makes another flow.
   */
  type:
    | 'botFlow'
    | 'commonModule'
    | 'digitalBot'
    | 'emailSend'
    | 'inboundCall'
    | 'inboundChat'
    | 'inboundEmail'
    | 'inboundShortMessage'
    | 'inqueueCall'
    | 'inqueueEmail'
    | 'inqueueShortMessage'
    | 'outboundCall'
    | 'secureCall'
    | 'speech'
    | 'surveyInvite'
    | 'voice'
    | 'voicemail'
    | 'voiceSurvey'
    | 'workflow'
    | 'workitem';
  /**
   * The live name, kept exactly as it is written; the file must say the same. Default: the handle. Changing it renames the flow, keeping its id.
   */
  name?: string;
  /**
   * A file with the flow's Architect YAML, beside the document.
   */
  file: string;
  /**
   * What stands in the file in the place of each `{{token}}`, by token. Every token needs a value, and every value a token. Filled in before the file is parsed, in keys too.
   */
  substitutions?: {
    [k: string]: string | number | boolean;
  };
  /**
   * The division, by name. Absent: `Home` at creation, and not managed after it.
   */
  division?: string;
  /**
   * What to do where somebody holds the flow's lock, or saved work that is not published. `wait` (the default): try again in the next run. `fail`: hold the change, for a person to see. `unlock`: where the annotation `genesys-gitops/force-unlock` names that very version, take the lock away and publish over it; else as `wait`.
   */
  onLocked?: 'wait' | 'fail' | 'unlock';
};

export type FlowTimeoutSpec = {
  flow: FlowName;
  /**
   * The steps, each with its timeout. A step is found at any depth of the flow.
   *
   * @minItems 1
   * @maxItems 1000
   */
  steps: FlowTimeoutStep[];
};
/**
 * The flow. It may be one of this repository or one that is managed elsewhere.
 */
export type FlowName = {
  /**
   * The type of the flow, as its Architect YAML says it: `inboundCall`.
   */
  type:
    | 'botFlow'
    | 'commonModule'
    | 'digitalBot'
    | 'emailSend'
    | 'inboundCall'
    | 'inboundChat'
    | 'inboundEmail'
    | 'inboundShortMessage'
    | 'inqueueCall'
    | 'inqueueEmail'
    | 'inqueueShortMessage'
    | 'outboundCall'
    | 'secureCall'
    | 'speech'
    | 'surveyInvite'
    | 'voice'
    | 'voicemail'
    | 'voiceSurvey'
    | 'workflow'
    | 'workitem';
  /**
   * The flow's live name, exactly.
   */
  name: string;
};
export type FlowTimeoutStep = {
  /**
   * The step by its name in Architect. Where several have it, all are meant.
   */
  step?: string;
  dataAction?: CalledDataAction;
  /**
   * How long the step waits for the data action: minutes, seconds and milliseconds in whole numbers (`1m`, `15s`, `2500ms`, `1m30s`), above 0 and at most 60 minutes.
   */
  timeout: string;
};
/**
 * Every step that calls this data action.
 */
export type CalledDataAction = {
  /**
   * The data action's category in Architect: its integration's name, where nobody gave it another.
   */
  category: string;
  /**
   * The data action's name.
   */
  name: string;
};

export type ScheduleSpec = {
  /**
   * The live name. Default: the handle. Changing it renames the schedule, keeping its id.
   */
  name?: string;
  /**
   * What it is for.
   */
  description?: string | null;
  /**
   * The division, by name. Absent: `Home` at creation, and not managed after it.
   */
  division?: string;
  /**
   * When it begins for the first time: a local date and time, `2026-01-05T08:00`, perhaps with seconds. Which zone it is in says the schedule group. A day of the week that the rule names.
   */
  start?: string;
  /**
   * When it ends for the first time; after the start. Local, as the start.
   */
  end?: string;
  /**
   * How it comes again: a recurrence rule of RFC 5545, `FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR`. The order of its parts makes no difference. Absent or null at creation: once.
   */
  rrule?: string | null;
};

export type ScheduleGroupSpec = {
  /**
   * The live name. Default: the handle. Changing it renames the group, keeping its id.
   */
  name?: string;
  /**
   * What it is for.
   */
  description?: string | null;
  /**
   * The division, by name. Absent: `Home` at creation, and not managed after it.
   */
  division?: string;
  /**
   * The zone in which the times of its schedules are meant, by its IANA name: `Europe/Dublin`.
   */
  timeZone?: string;
  /**
   * The schedules in which one is open, by name. Their order makes no difference; an empty list clears.
   *
   * Items: A schedule, by name. `{id: ...}` only in an environment's patch, since ids differ per organisation.
   */
  openSchedules?: (
    | string
    | {
        id: string;
      }
  )[];
  /**
   * The schedules in which one is closed, by name. Their order makes no difference; an empty list clears.
   *
   * Items: A schedule, by name. `{id: ...}` only in an environment's patch, since ids differ per organisation.
   */
  closedSchedules?: (
    | string
    | {
        id: string;
      }
  )[];
  /**
   * The schedules of holidays, by name. Their order makes no difference; an empty list clears.
   *
   * Items: A schedule, by name. `{id: ...}` only in an environment's patch, since ids differ per organisation.
   */
  holidaySchedules?: (
    | string
    | {
        id: string;
      }
  )[];
};

/**
 * The messenger: its looks, and the apps in it.
 */
export type Messenger = {
  /**
   * Whether the messenger is there at all.
   */
  enabled?: boolean | null;
  /**
   * Its looks.
   */
  styles?: {
    /**
     * The theme colour: launcher button, header and the visitor's own messages.
     */
    primaryColor?: string | null;
  } | null;
  /**
   * The button that opens the messenger.
   */
  launcherButton?: {
    /**
     * `On`: shown; `Off`: never shown, the page opens the messenger by script; `OnDemand`: shown once the page asks for it.
     */
    visibility?: 'On' | 'Off' | 'OnDemand' | null;
    /**
     * What the button shows.
     */
    displayType?: 'IconAndText' | 'Icon' | 'Text' | null;
    /**
     * The button's own icon.
     */
    icon?: {
      /**
       * The icon's address, over https.
       */
      url?: string | null;
    } | null;
  } | null;
  /**
   * The screen that the messenger opens with.
   */
  homeScreen?: {
    /**
     * Whether there is a home screen; without one, the conversation comes first.
     */
    enabled?: boolean | null;
    /**
     * The address of the logo on the home screen, over https.
     */
    logoUrl?: string | null;
  } | null;
  /**
   * Whether a visitor's session goes on in all subdomains of the site, or in the one domain or subdomain only.
   */
  sessionPersistenceType?: 'AcrossSubdomains' | 'DomainOrSubdomainOnly' | null;
  /**
   * Files that a visitor may send.
   */
  fileUpload?: {
    /**
     * Whether files may be sent as the deployment's supported content profile allows.
     */
    enableAttachments?: boolean | null;
    /**
     * Which files, and how large; in order.
     */
    modes?:
      | {
          /**
           * Media types that may be sent: `image/jpeg`, `image/gif`, `image/png`. Their order does not count.
           */
          fileTypes: string[];
          /**
           * The largest file in kilobytes; Genesys's default and limit is 10240 (10 MB).
           */
          maxFileSizeKB?: number;
        }[]
      | null;
  } | null;
  /**
   * The apps within the messenger.
   */
  apps?: {
    /**
     * Conversations.
     */
    conversations?: {
      /**
       * Whether visitors can hold conversations.
       */
      enabled?: boolean | null;
      /**
       * Whether the visitor sees that the agent is typing.
       */
      showAgentTypingIndicator?: boolean | null;
      /**
       * Whether the agent sees that the visitor is typing.
       */
      showUserTypingIndicator?: boolean | null;
      /**
       * Start by itself.
       */
      autoStart?: {
        /**
         * Whether the conversation starts as the messenger opens, so that the flow can greet first.
         */
        enabled?: boolean | null;
      } | null;
      /**
       * Formatted text.
       */
      markdown?: {
        /**
         * Whether messages may hold Markdown.
         */
        enabled?: boolean | null;
      } | null;
      /**
       * What the visitor sees when the agent leaves.
       */
      conversationDisconnect?: {
        /**
         * Whether the visitor is told that the conversation has ended.
         */
        enabled?: boolean | null;
        /**
         * `Send`: the visitor may write on, which starts anew; `ReadOnly`: no more can be written.
         */
        type?: 'Send' | 'ReadOnly' | null;
      } | null;
      /**
       * Clearing.
       */
      conversationClear?: {
        /**
         * Whether the visitor can clear the conversation.
         */
        enabled?: boolean | null;
      } | null;
      /**
       * A face for the bot.
       */
      humanize?: {
        /**
         * Whether participants are shown by name and picture.
         */
        enabled?: boolean | null;
        /**
         * How the bot is shown.
         */
        bot?: {
          /**
           * The bot's name.
           */
          name?: string | null;
          /**
           * The address of the bot's picture, over https.
           */
          avatarUrl?: string | null;
        } | null;
      } | null;
      /**
       * Push notifications of mobile apps.
       */
      notifications?: {
        /**
         * Whether they are sent. Then the texts `PushNotificationTitle` and `PushNotificationBody` are needed.
         */
        enabled?: boolean | null;
        /**
         * Whether a notification shows the message itself.
         */
        notificationContentType?: 'IncludeMessagesContent' | 'ExcludeMessagesContent' | null;
      } | null;
      /**
       * Seconds after which a guest's session ends.
       */
      sessionDurationSeconds?: number | null;
    } | null;
    /**
     * Articles of a knowledge base.
     */
    knowledge?: {
      /**
       * Whether visitors can search the knowledge base.
       */
      enabled?: boolean | null;
      /**
       * The knowledge base, by name. `{id: ...}` only in an environment's patch, since ids differ per organisation.
       */
      knowledgeBase?:
        | string
        | {
            /**
             * The id in this organisation.
             */
            id: string;
          }
        | null;
    } | null;
  } | null;
} | null;

export type WebMessagingConfigurationSpec = {
  /**
   * The live name. Default: the handle. Changing it renames the configuration, keeping its id.
   */
  name?: string;
  /**
   * What the configuration is for; shown in the admin pages only.
   */
  description?: string | null;
  /**
   * Languages that the messenger speaks, as codes in small letters (`en-us`). Their order does not count. Needed where the messenger is enabled.
   *
   * @maxItems 100
   */
  languages?: string[] | null;
  /**
   * The language for visitors whose own is none of the languages. Needed where the messenger is enabled.
   */
  defaultLanguage?: string | null;
  /**
   * Your own texts, by language; a language that is not listed here keeps Genesys's texts.
   *
   * @maxItems 100
   */
  customI18nLabels?:
    | {
        /**
         * The language of these texts; one of the languages.
         */
        language: string;
        /**
         * Texts by their key; one that is not listed keeps Genesys's text.
         *
         * @maxItems 100
         *
         * Items: One text.
         */
        localizedLabels: {
          /**
           * Which text it is: title and subtitle of the home screen, the text on the launcher button, or title and body of a push notification.
           */
          key:
            | 'MessengerHomeHeaderTitle'
            | 'MessengerHomeHeaderSubTitle'
            | 'MessengerLauncherButtonText'
            | 'PushNotificationTitle'
            | 'PushNotificationBody';
          /**
           * The text itself.
           */
          value: string;
        }[];
      }[]
    | null;
  messenger?: Messenger;
  /**
   * Where the launcher button and the messenger stand on the page.
   */
  position?: {
    /**
     * The side; `Auto` goes by the page's direction of writing.
     */
    alignment?: 'Auto' | 'Left' | 'Right' | null;
    /**
     * Pixels from the side.
     */
    sideSpace?: number | null;
    /**
     * Pixels from the bottom.
     */
    bottomSpace?: number | null;
  } | null;
  /**
   * The knowledge portal (formerly support center).
   */
  supportCenter?: {
    /**
     * Whether there is a knowledge portal.
     */
    enabled?: boolean | null;
    /**
     * The knowledge base, by name. `{id: ...}` only in an environment's patch, since ids differ per organisation.
     */
    knowledgeBase?:
      | string
      | {
          /**
           * The id in this organisation.
           */
          id: string;
        }
      | null;
    /**
     * Your own texts on it; in order.
     */
    customMessages?:
      | {
          /**
           * `Welcome`: over the search; `Fallback`: where nothing was found.
           */
          type: 'Welcome' | 'Fallback';
          /**
           * The text itself.
           */
          defaultValue: string;
        }[]
      | null;
    /**
     * How the portal's pages are addressed: behind a `#`, or as paths of the site.
     */
    routerType?: 'Hash' | 'Browser' | null;
    /**
     * The portal's screens; in order.
     */
    screens?:
      | {
          /**
           * Which screen it is.
           */
          type: 'Home' | 'Category' | 'SearchResults' | 'Article';
          /**
           * The modules on it. Home: Search, Categories, TopViewedArticles; Category: Search, Categories; SearchResults: Search, Results; Article: Search, Article.
           *
           * Items: One module.
           */
          moduleSettings: {
            /**
             * Which module it is.
             */
            type: 'Search' | 'Categories' | 'FAQ' | 'Contact' | 'Results' | 'Article' | 'TopViewedArticles';
            /**
             * Whether it is shown.
             */
            enabled: boolean;
            /**
             * Categories as a compact list.
             */
            compactCategoryModuleTemplate?: {
              /**
               * Whether this form is used.
               */
              active: boolean;
            };
            /**
             * Categories with their articles.
             */
            detailedCategoryModuleTemplate?: {
              /**
               * Whether this form is used.
               */
              active: boolean;
              /**
               * The list at the side.
               */
              sidebar: {
                /**
                 * Whether it is shown.
                 */
                enabled: boolean;
              };
            };
          }[];
        }[]
      | null;
    /**
     * Categories that the home screen features, by their ids (which differ per organisation: use variables); in order.
     */
    enabledCategories?:
      | {
          /**
           * The category's id in the knowledge base.
           */
          id: string;
          /**
           * A picture for the category.
           */
          image?: {
            /**
             * Where the picture comes from.
             */
            source: {
              /**
               * The picture's address, over https.
               */
              defaultUrl: string;
            };
          };
        }[]
      | null;
    /**
     * Which articles are found: those with one of these labels.
     */
    labelFilter?: {
      /**
       * Labels by their ids (which differ per organisation: use variables). Their order does not count.
       */
      labels?:
        | {
            /**
             * The label's id in the knowledge base.
             */
            id: string;
          }[]
        | null;
    } | null;
    /**
     * The portal's looks.
     */
    styleSetting?: {
      /**
       * The part at the top.
       */
      heroStyle?: {
        /**
         * The colour behind it.
         */
        backgroundColor?: string | null;
        /**
         * The colour of its text.
         */
        textColor?: string | null;
        /**
         * A picture behind it.
         */
        image?: {
          /**
           * Where the picture comes from.
           */
          source: {
            /**
             * The picture's address, over https.
             */
            defaultUrl: string;
          };
        } | null;
      } | null;
      /**
       * All of it.
       */
      globalStyle?: {
        /**
         * The colour behind everything.
         */
        backgroundColor?: string | null;
        /**
         * The theme colour.
         */
        primaryColor?: string | null;
        /**
         * The theme colour, darker.
         */
        primaryColorDark?: string | null;
        /**
         * The theme colour, lighter.
         */
        primaryColorLight?: string | null;
        /**
         * The colour of text.
         */
        textColor?: string | null;
        /**
         * The font, as CSS names it.
         */
        fontFamily?: string | null;
      } | null;
    } | null;
    /**
     * Feedback on articles.
     */
    feedback?: {
      /**
       * Whether visitors are asked for it.
       */
      enabled?: boolean | null;
    } | null;
  } | null;
  /**
   * Sharing of the page with an agent.
   */
  cobrowse?: {
    /**
     * Whether the page can be shared.
     */
    enabled?: boolean | null;
    /**
     * Whether the agent may ask for control.
     */
    allowAgentControl?: boolean | null;
    /**
     * Whether the agent may ask to go to other pages.
     */
    allowAgentNavigation?: boolean | null;
    /**
     * Whether the agent may draw on the page.
     */
    allowDraw?: boolean | null;
    /**
     * CSS selectors of what the agent never sees. Their order does not count.
     */
    maskSelectors?: string[] | null;
    /**
     * Where sharing can begin. Their order does not count.
     */
    channels?: ('Webmessaging' | 'Voice')[] | null;
    /**
     * CSS selectors of what the agent sees and cannot change. Their order does not count.
     */
    readonlySelectors?: string[] | null;
    /**
     * Pages on which sharing pauses; in order.
     */
    pauseCriteria?:
      | {
          /**
           * A part of the address.
           */
          urlFragment: string;
          /**
           * How the address is compared with it.
           */
          condition: 'Includes' | 'DoesNotInclude' | 'StartsWith' | 'EndsWith' | 'Equals';
        }[]
      | null;
  } | null;
  /**
   * What is recorded of a visitor's way through the site.
   */
  journeyEvents?: {
    /**
     * Whether anything is recorded.
     */
    enabled?: boolean | null;
    /**
     * Deprecated by Genesys for `trackingSettings`: query parameters that are not recorded. Their order does not count.
     */
    excludedQueryParameters?: string[] | null;
    /**
     * Deprecated by Genesys for `trackingSettings`: whether the part of an address behind `#` is recorded.
     */
    shouldKeepUrlFragment?: boolean | null;
    /**
     * Deprecated by Genesys for `trackingSettings`: query parameters that hold what was searched for. Their order does not count.
     */
    searchQueryParameters?: string[] | null;
    /**
     * Which page views are recorded: every one, the first, or none.
     */
    pageviewConfig?: 'Auto' | 'Once' | 'Off' | null;
    /**
     * Clicks that are recorded; in order.
     */
    clickEvents?:
      | {
          /**
           * A CSS selector of the element.
           */
          selector: string;
          /**
           * What the event is called.
           */
          eventName: string;
        }[]
      | null;
    /**
     * Forms that are recorded; in order.
     */
    formsTrackEvents?:
      | {
          /**
           * A CSS selector of the form.
           */
          selector: string;
          /**
           * What the form's events begin with.
           */
          formName: string;
          /**
           * Whether what was filled in is recorded when the form is left.
           */
          captureDataOnFormAbandon: boolean;
          /**
           * Whether what was filled in is recorded when the form is sent.
           */
          captureDataOnFormSubmit: boolean;
        }[]
      | null;
    /**
     * Times without activity that are recorded; in order.
     */
    idleEvents?:
      | {
          /**
           * What the event is called.
           */
          eventName: string;
          /**
           * Seconds without activity.
           */
          idleAfterSeconds?: number;
        }[]
      | null;
    /**
     * Elements whose coming into view is recorded; in order.
     */
    inViewportEvents?:
      | {
          /**
           * A CSS selector of the element.
           */
          selector: string;
          /**
           * What the event is called.
           */
          eventName: string;
        }[]
      | null;
    /**
     * Depths of scrolling that are recorded; in order.
     */
    scrollDepthEvents?:
      | {
          /**
           * How far down the page, in per cent.
           */
          percentage: number;
          /**
           * What the event is called.
           */
          eventName: string;
        }[]
      | null;
    /**
     * What is left out of the record.
     */
    trackingSettings?: {
      /**
       * Query parameters that are not recorded. Their order does not count.
       */
      excludedQueryParameters?: string[] | null;
      /**
       * Whether the part of an address behind `#` is recorded.
       */
      shouldKeepUrlFragment?: boolean | null;
      /**
       * Query parameters that hold what was searched for (`query`). Their order does not count.
       */
      searchQueryParameters?: string[] | null;
      /**
       * Addresses whose visits are not recorded; in order.
       */
      ipFilters?:
        | {
            /**
             * An IP address, or a range like `192.168.1.0/24`.
             */
            ipAddress: string;
            /**
             * What it is.
             */
            name?: string;
          }[]
        | null;
    } | null;
  } | null;
  /**
   * Visitors who are signed in at your site.
   */
  authenticationSettings?: {
    /**
     * Whether visitors have to be signed in.
     */
    enabled?: boolean | null;
    /**
     * The integration that knows your sign-in (OpenID Connect), in the place of the API's `integrationId`.
     */
    integration?:
      | string
      | {
          /**
           * The id in this organisation.
           */
          id: string;
        }
      | null;
    /**
     * Whether a visitor may sign in in the middle of a conversation.
     */
    allowSessionUpgrade?: boolean | null;
  } | null;
  /**
   * Video calls.
   */
  video?: {
    /**
     * Whether there are video calls.
     */
    enabled?: boolean | null;
    /**
     * Where a call can begin. Their order does not count.
     */
    channels?: ('Webmessaging' | 'Voice')[] | null;
    /**
     * What the agent may do.
     */
    agent?: {
      /**
       * Whether the agent may show a camera picture.
       */
      allowCamera?: boolean | null;
      /**
       * Whether the agent may share a screen.
       */
      allowScreenShare?: boolean | null;
      /**
       * Whether the agent may speak.
       */
      allowMicrophone?: boolean | null;
      /**
       * What is behind the agent.
       */
      background?: 'BLUR' | 'NONE' | 'IMAGE' | null;
      /**
       * The picture for `IMAGE`.
       */
      backgroundImage?: {
        /**
         * The picture's address, over https.
         */
        url?: string | null;
      } | null;
    } | null;
    /**
     * What the visitor may do.
     */
    user?: {
      /**
       * Whether the visitor may show a camera picture.
       */
      allowCamera?: boolean | null;
      /**
       * Whether the visitor may share a screen.
       */
      allowScreenShare?: boolean | null;
      /**
       * Whether the visitor may speak.
       */
      allowMicrophone?: boolean | null;
    } | null;
  } | null;
  /**
   * A messenger without Genesys's own looks, for pages that draw it themselves.
   */
  headlessMode?: {
    /**
     * Whether Genesys's looks are off.
     */
    enabled?: boolean | null;
  } | null;
};

export type WebMessagingDeploymentSpec = {
  /**
   * The live name. Default: the handle. Changing it renames the deployment, keeping its id and its snippet.
   */
  name?: string;
  /**
   * What the deployment is for; shown in the admin pages only.
   */
  description?: string | null;
  /**
   * The configuration that it serves, by name: live, or made by the same commit. `{id: ...}` only in an environment's patch.
   */
  configuration:
    | string
    | {
        /**
         * The id in this organisation.
         */
        id: string;
      };
  /**
   * Which published version of the configuration: `latest` (the default) follows every one, a number stays there.
   */
  version?: string | number;
  /**
   * The inbound message flow that greets and routes, by name: live, or published by the same commit. `{id: ...}` only in an environment's patch.
   */
  flow?:
    | string
    | {
        /**
         * The id in this organisation.
         */
        id: string;
      }
    | null;
  /**
   * Whether every web page may use it. Then `allowedDomains` has to be empty.
   */
  allowAllDomains?: boolean | null;
  /**
   * Domains of the web pages that may use it (`www.example.com`). Their order does not count.
   */
  allowedDomains?: string[] | null;
  /**
   * The supported content profile, by name: which files may be sent either way. `{id: ...}` only in an environment's patch.
   */
  supportedContent?:
    | string
    | {
        /**
         * The id in this organisation.
         */
        id: string;
      }
    | null;
  /**
   * Whether it serves anybody.
   */
  status?: 'Active' | 'Inactive';
  /**
   * Integrations that send push notifications to mobile apps, by their ids (which differ per organisation: use variables); in order.
   */
  pushIntegrations?:
    | {
        /**
         * The integration's id.
         */
        id: string;
        /**
         * Whose notifications it sends: Apple's or Google's.
         */
        provider: 'APNS' | 'FCM';
      }[]
    | null;
};

export type WebChatConfigurationSpec = {
  /**
   * Ids of the organisations that are written by themselves. The first is the source of replication. The target has to allow each of them, and those of `replicateTo`, in `organizations` of the daemon's file.
   *
   * @minItems 1
   * @maxItems 100
   */
  organizations: string[];
  theme: WebChatTheme;
  accessibility?: WebChatAccessibility;
  greetings: WebChatGreetings;
  availability?: WebChatAvailability;
  features?: WebChatFeatures;
  replicateTo?: WebChatReplication;
};
/**
 * How the widget looks.
 */
export type WebChatTheme = {
  colors: WebChatColors;
  typography?: WebChatTypography;
};
/**
 * Colours. Their contrast has to reach the level that `accessibility.wcagLevel` states.
 */
export type WebChatColors = {
  /**
   * The brand's colour: `"#0052CC"`.
   */
  primary: string;
  /**
   * What is behind it. Default: `"#FFFFFF"`.
   */
  background?: string;
};
/**
 * Letters.
 */
export type WebChatTypography = {
  /**
   * In pixels, 14 to 24. Default: 16.
   */
  fontSize?: number;
  /**
   * As CSS has it. Default: `Inter, sans-serif`.
   */
  fontFamily?: string;
};
/**
 * What the widget says of how accessible it is.
 */
export type WebChatAccessibility = {
  /**
   * The level of contrast that the colours are held to: AA is 4.5:1, AAA is 7:1. Default: AA.
   */
  wcagLevel?: 'AA' | 'AAA';
  /**
   * The contrast of the colours, 4.5 to 21. Default: the computed one, which is better left to be computed: a claim is sent as it is, with a warning where it is not so.
   */
  contrastRatio?: number;
  /**
   * How screen readers announce messages. Default: polite.
   */
  ariaLiveRegion?: 'polite' | 'assertive' | 'off';
};
/**
 * What a visitor reads first.
 */
export type WebChatGreetings = {
  /**
   * Whether visitors are greeted. Default: true.
   */
  enabled?: boolean;
  /**
   * One to three messages, in this order.
   *
   * @minItems 1
   * @maxItems 3
   *
   * Items: A message of at most 150 characters (code points).
   */
  messages: string[];
  /**
   * Milliseconds until the first message. Default: 2000.
   */
  delayMs?: number;
};
/**
 * When somebody is there to chat.
 */
export type WebChatAvailability = {
  /**
   * Which schedule counts; `custom` are the rules. Default: custom.
   */
  schedule?: string;
  /**
   * Hours of days, in any order. Those of one day must not overlap. Default: none, so that a custom schedule is never open.
   *
   * @maxItems 200
   */
  rules?: WebChatHours[];
};
/**
 * One range of hours on one day of each week.
 */
export type WebChatHours = {
  /**
   * The day.
   */
  dayOfWeek: 'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY';
  /**
   * When it begins.
   */
  startTime: string;
  /**
   * When it ends, on the same day and after it begins.
   */
  endTime: string;
};
/**
 * What the chat can do, and for whom.
 */
export type WebChatFeatures = {
  /**
   * Switches by name, as a whole: one that is not here is gone. Default: none.
   */
  flags?: {
    [k: string]: boolean;
  };
  /**
   * Segments of visitors, in any order. Default: none.
   *
   * @maxItems 1000
   */
  audiences?: string[];
  /**
   * Default: true.
   */
  dynamicRouting?: boolean;
};
/**
 * Organisations that get the configuration from the first of `organizations`, each by a job of its own.
 */
export type WebChatReplication = {
  /**
   * Their ids; none of them is one of `organizations`.
   *
   * @minItems 1
   * @maxItems 100
   */
  organizations: string[];
  /**
   * Whether a configuration that an organisation has already is overwritten. Without it such an organisation is held. Default: false.
   */
  overwriteExisting?: boolean;
};

export type ScriptDataActionSpec = {
  /**
   * The live name. Default: the handle. Changing it renames the data action, keeping its id.
   */
  name?: string;
  /**
   * What it is for.
   */
  description?: string | null;
  definition?: ScriptDefinition;
  /**
   * A Python file with the function `main(input_data)`, beside the document: UTF-8, at most 256 KiB. It is sent byte for byte, and never run by the daemon.
   */
  script: string;
  /**
   * What the script is written in.
   */
  language?: 'python3';
  /**
   * What the script gets: the keys that it reads of its parameter. The order makes no difference.
   *
   * @maxItems 200
   */
  inputs: ScriptInput[];
  /**
   * What the script returns: the keys of the dictionaries that `main` returns. The order makes no difference.
   *
   * @maxItems 200
   */
  outputs: ScriptOutput[];
  /**
   * What `genesys-gitops test-script` runs on this machine. Nothing of it is sent to Genesys.
   *
   * @maxItems 200
   */
  tests?: ScriptTest[];
  /**
   * The steps of published flow definitions that call it. Nothing else of a flow is managed by this.
   *
   * @maxItems 200
   */
  usedBy?: ScriptUse[];
};
/**
 * How flows see it in Architect.
 */
export type ScriptDefinition = {
  /**
   * What Architect calls it. Absent: the live name at creation, and not managed after it.
   */
  name?: string;
  /**
   * What it does.
   */
  description?: string | null;
};
export type ScriptInput = {
  /**
   * The key in the script, letter case included.
   */
  name: string;
  /**
   * What kind of value it is.
   */
  datatype: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  /**
   * Whether a flow has to give it. Default: false.
   */
  required?: boolean;
  /**
   * What it is.
   */
  description?: string;
};
export type ScriptOutput = {
  /**
   * The key in the script, letter case included.
   */
  name: string;
  /**
   * What kind of value it is.
   */
  datatype: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  /**
   * What it is.
   */
  description?: string;
};
export type ScriptTest = {
  /**
   * What the test shows.
   */
  name: string;
  /**
   * What `main` is called with.
   */
  input: JsonObject;
  /**
   * What it has to return, exactly.
   */
  output: JsonObject;
};
export type ScriptUse = {
  /**
   * The flow definition, by its id.
   */
  flowId: string;
  /**
   * The data-action step, by its name, at any depth of the flow. Where two have it, both are meant.
   */
  step: string;
  inputs?: ScriptUseInputs;
  outputs?: ScriptUseOutputs;
};
/**
 * Inputs and the flow variables that fill them: `user_id: "{{User.ID}}"`. Replaced whole; absent: not managed.
 */
export type ScriptUseInputs = {
  [k: string]: string;
};
/**
 * Outputs and the flow variables that they go to: `user_name: "{{User.Name}}"`. Replaced whole; absent: not managed.
 */
export type ScriptUseOutputs = {
  [k: string]: string;
};

export type ExternalApplicationSpec = {
  /**
   * The external application's id. It differs per organisation, so best a `$(variable)`.
   */
  id: string;
  /**
   * Milliseconds, a whole number from 1000 to 30000. An application that has none waits 3000.
   */
  timeoutMs: number;
  /**
   * Ids of the data actions that should inherit the timeout. Each is read, and its link to this application checked; none is written.
   *
   * @maxItems 200
   */
  dataActions?: string[];
};

export type FlowStepTimeoutSpec = {
  /**
   * The flow's id. It differs per organisation, so best a `$(variable)`.
   */
  flowId: string;
  /**
   * The steps, each with its timeout. A step is found at any depth: in containers, cases, loops and sub-flows.
   *
   * @minItems 1
   * @maxItems 1000
   */
  steps: FlowStepTimeoutStep[];
};
export type FlowStepTimeoutStep = {
  /**
   * The step's `name` in the flow definition, exactly. Where several have it, all are meant.
   */
  name?: string;
  /**
   * In the place of a name, for steps without one: the id of the data action that they call.
   */
  actionId?: string;
  /**
   * Seconds, a whole number from 1 to 30, or to what `stepTimeoutSeconds` of the target says. A step that has none waits 3.
   */
  timeoutSeconds: number;
};

/**
 * The rules. What is absent is as by default.
 */
export type RulesSpec = {
  /**
   * The brand's colours: the theme colour of a messenger must be declared, and be one of these. Default: any colour.
   *
   * @minItems 1
   * @maxItems 100
   */
  colors?: string[];
  contrast?: ContrastRules;
  greeting?: GreetingRules;
};
/**
 * How well text has to stand out from its background (WCAG 2.2).
 */
export type ContrastRules = {
  /**
   * `AA` asks for a contrast of 4.5:1, `AAA` for 7:1. Default: `AA`.
   */
  level?: 'AA' | 'AAA';
  /**
   * `true`: too little contrast, or a messenger whose colour is not declared, is a problem and stops the revision. Default: a warning of what is declared.
   */
  required?: boolean;
};
/**
 * The texts that greet a visitor: title and subtitle of the home screen, and the text on the launcher button.
 */
export type GreetingRules = {
  /**
   * `true`: greeting texts that are missing, too long or not declared are problems and stop the revision. Default: warnings of what is declared.
   */
  required?: boolean;
  /**
   * How many of the three each language needs. Default: 1.
   */
  minTexts?: number;
  /**
   * The most characters (Unicode code points) that one of them may have. Default: 150.
   */
  maxLength?: number;
};

/**
 * Letters, digits, dots, dashes and underscores; begins and ends with a letter or digit.
 */
export type Handle = string;
/**
 * A resource by kind and handle: `DataAction/get-customer`.
 */
export type KindHandle = string;

/**
 * How one organisation reads the repository: `environments/<name>.yaml`. Variables first, then patches, then the schemas.
 */
export type Environment = {
  apiVersion: 'genesys-gitops/v1';
  kind: 'Environment';
  /**
   * May be left out. The file's name is the environment's name, and a name given here must be the same.
   */
  metadata?: {
    name: Handle;
    annotations?: {
      [k: string]: string;
    };
  };
  /**
   * What `$(name)` stands for. A text that is exactly one variable takes its type.
   */
  variables?: {
    [k: string]: string | number | boolean | null;
  };
  /**
   * Changes of single resources, in order.
   */
  patches?: Patch[];
  /**
   * Ids of objects in this organisation, where a name does not tell them apart: `DataAction/get-customer: <id>`.
   */
  ids?: {
    [k: string]: string;
  };
  /**
   * Resources that this environment releases: neither managed nor deleted. `Kind/*` is every resource of a kind.
   */
  exclude?: string[];
};
export type Patch = {
  target: KindHandle;
  /**
   * Laid over the document: maps are merged, lists and texts replaced, null clears.
   */
  patch?: {
    metadata?: {
      annotations?: JsonObject;
    };
    spec?: JsonObject;
  };
  /**
   * Fields that are not managed in this environment, as JSON pointers: `/spec/category`.
   */
  unset?: string[];
};

/**
 * Sent as the password over HTTPS.
 */
export type SecretSource =
  | {
      /**
       * An environment variable.
       */
      fromEnv: string;
    }
  | {
      /**
       * A file; its last newline does not count.
       */
      fromFile: string;
    };
/**
 * Where the value stands. It is read when it is needed, so that a rotated file is seen.
 */
/**
 * For how long `pause` leaves a person's change alone, from the moment of the change. Default: `1h`.
 */
export type Duration = string;
/**
 * Where the value stands. It is read when it is needed, so that a rotated file is seen.
 */
/**
 * How long what changed something stays in the journal: `400d`. Default: for ever.
 */
/**
 * How often the log is asked while something waits for its record. Default: `5m`.
 */
/**
 * How long a record is waited for, before its change counts as unmatched. Default: `24h`.
 */
/**
 * The daemon's own file (genesys-gitops.yaml): where desired state comes from, and which organisations follow it.
 */
export type Daemon = {
  apiVersion: 'genesys-gitops/v1';
  kind: 'Daemon';
  /**
   * A folder (`path`) or a git repository (`url`).
   */
  source: FolderSource | GitSource;
  /**
   * The organisations.
   *
   * @minItems 1
   */
  targets: Target[];
  /**
   * The durable record: a file, relative to this one. Default: `./var/journal.db`.
   */
  journal?: string;
  retention?: Duration;
  audit?: Audit;
  waits?: Waits;
  /**
   * Where `/healthz`, `/readyz` and `/metrics` listen. Default: `127.0.0.1:9464`.
   */
  listen?: string;
};
export type FolderSource = {
  /**
   * The folder, relative to this file.
   */
  path: string;
  /**
   * The subfolder whose documents count. File references may still reach the rest of the repository.
   */
  directory?: string;
};
export type GitSource = {
  /**
   * An https, ssh or file URL, without credentials.
   */
  url: string;
  /**
   * Default: the remote's own default branch.
   */
  branch?: string;
  /**
   * A tag in the place of a branch.
   */
  tag?: string;
  /**
   * The subfolder whose documents count. File references may still reach the rest of the repository.
   */
  directory?: string;
  /**
   * How often to look for a new revision: a cron expression, seconds first. Default: every 30 seconds.
   */
  poll?: string;
  auth?: GitAuth;
  /**
   * Further certificate authorities (PEM), relative to this file.
   */
  caFile?: string;
  /**
   * Where the bare repository is kept. Default: beside the journal.
   */
  cache?: string;
};
/**
 * An HTTPS token, or an SSH key with the hosts it may meet.
 */
export type GitAuth = {
  token?: SecretSource;
  /**
   * The user beside the token. Default: `x-access-token`.
   */
  username?: string;
  /**
   * The private key.
   */
  sshKeyFile?: string;
  /**
   * The hosts' public keys (`ssh-keyscan`). Needed for SSH: an unknown host is refused.
   */
  knownHostsFile?: string;
};
export type Target = {
  /**
   * How logs and commands call it.
   */
  name: string;
  /**
   * `environments/<name>.yaml` of the repository.
   */
  environment?: string;
  /**
   * The organisation's id or name. Needed to write: with other credentials nothing is written.
   */
  organization?: string;
  /**
   * The region's domain: `mypurecloud.ie`, `usw2.pure.cloud`.
   */
  region?: string;
  /**
   * In the place of a region: a gateway, or the sandbox.
   */
  apiUrl?: string;
  /**
   * Beside apiUrl, where tokens come from a login host.
   */
  loginUrl?: string;
  /**
   * The OAuth client (client credentials). Client, secret and host may be left out where the only surface says in which environment variables they stand.
   */
  clientId?:
    | string
    | {
        /**
         * An environment variable.
         */
        fromEnv: string;
      }
    | {
        /**
         * A file; its last newline does not count.
         */
        fromFile: string;
      };
  clientSecret?: SecretSource;
  /**
   * In the place of a region: the organisation's own domain, `acme` for `https://acme.mypurecloud.com`. Only where tokens come from the API's own host.
   */
  orgDomain?: string;
  /**
   * The families of endpoints that its documents may use, all of them; tokens are asked for as the first one does it. Default: `platform` alone, the published Platform API.
   *
   * @minItems 1
   */
  surfaces?: string[];
  /**
   * OAuth scopes to ask for, where the client has fewer than the kinds of the first surface need together.
   *
   * @minItems 1
   */
  scopes?: string[];
  /**
   * Ids of the organisations that documents of this target may configure, where they name any.
   */
  organizations?: string[];
  /**
   * The longest timeout of a step of a flow, by the contract of the organisation. Default: 30.
   */
  stepTimeoutSeconds?: number;
  /**
   * Values of variables for this target alone: they go before those of its environment. What stands in an environment variable or a file is a text; it is read whenever the documents are, and is no secret.
   */
  variables?: {
    [k: string]:
      | string
      | number
      | boolean
      | {
          /**
           * An environment variable.
           */
          fromEnv: string;
        }
      | {
          /**
           * A file; its last newline does not count.
           */
          fromFile: string;
        };
  };
  /**
   * `required`: contrast and greeting texts that break the rules are problems here, and a revision with one is not applied. Default: they are warnings, unless the repository's `rules.yaml` says otherwise.
   */
  rules?: 'required';
  /**
   * When to look for drift: a cron expression. Default: every five minutes.
   */
  schedule?: string;
  /**
   * Of the schedule, for example `Europe/Dublin`.
   */
  timeZone?: string;
  policy?: Policy;
  after?: After;
  /**
   * Names that documents may use as `{secret: name}`.
   */
  secrets?: {
    [k: string]: SecretSource;
  };
  /**
   * Leaves the whole target alone.
   */
  suspend?: boolean;
  suspendReason?: string;
  /**
   * When the suspension ends by itself, for example `2026-12-01T08:00:00Z`.
   */
  suspendUntil?: string;
  /**
   * The share of the rate allowance to use, in percent. Default: 80.
   */
  rateBudget?: number;
  /**
   * Further certificate authorities (PEM), relative to this file.
   */
  caFile?: string;
};
/**
 * What may be done to an organisation. No document and no environment can weaken it, with one exception: what becomes of drift (`drift`, `driftPause`) a resource may say otherwise by its annotations, and leave fields to others (`genesys-gitops/ignore-fields`); every plan tells where.
 */
export type Policy = {
  /**
   * `observe` never writes. Default: `apply`.
   */
  mode?: 'apply' | 'observe';
  /**
   * What becomes of an object that exists already and matches a resource. Default: `identical`.
   */
  adopt?: 'identical' | 'always' | 'never';
  /**
   * Whether objects whose documents left the repository are deleted. `all`: adopted ones, too. Default: false.
   */
  prune?: true | false | 'all';
  /**
   * What becomes of a change without a commit: `heal` overwrites it, `report` only tells, `pause` leaves it alone for `driftPause`. A resource's annotation goes before it. Default: `heal`.
   */
  drift?: 'heal' | 'report' | 'pause';
  driftPause?: Duration;
  /**
   * More changes than this are held.
   */
  maxChanges?: number;
  /**
   * More deletions than this are held.
   */
  maxDeletes?: number;
  /**
   * Deletions of more than this share of the target's objects are held, where it has 10 or more. Default: 30.
   */
  maxDeletesPercent?: number;
};
/**
 * Follows another target: takes the newest revision that was applied there and has been healthy there for the soak time.
 */
export type After = {
  /**
   * The name of the other target.
   */
  target: string;
  /**
   * How long a revision has to be healthy there: `45s`, `30m`, `2h`, `1d`. Default: taken as soon as it was applied.
   */
  soak?: string;
};
/**
 * How changes are matched with Genesys's own audit log. Needs `audits:audit:view`.
 */
export type Audit = {
  /**
   * False: the log is never asked; changes stay unmatched and drift has no name. Default: true.
   */
  enabled?: boolean;
  every?: Duration;
  patience?: Duration;
};
/**
 * How long to wait for what cannot be known sooner, in seconds. The defaults suit Genesys; shorten them for tests.
 */
export type Waits = {
  /**
   * How long a process that fell silent keeps the right to write. A third of it is the heartbeat. Default: 30.
   */
  lease?: number;
  /**
   * How long an object whose creation got no answer may stay out of its list before it is made again. Default: 60.
   */
  settle?: number;
  /**
   * How long a run waits for what it wrote to take effect; later runs look again. Default: 60.
   */
  activation?: number;
};
