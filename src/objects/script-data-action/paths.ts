/** The collection and its members (published nowhere; facts: README of this folder). */
export const place = {
  list: '/api/v2/tasks/dataactions',
  item: '/api/v2/tasks/dataactions/{dataActionId}',
  param: 'dataActionId',
  label: 'script data action',
};
