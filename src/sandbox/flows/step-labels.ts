/** Labels that do not follow from the kind of step by splitting it into words. */
const labels: Record<string, string> = {
  callData: 'Call Data Action',
  callSecureData: 'Call Secure Data Action',
  dataTableLookup: 'Data Table Lookup',
  transferToAcd: 'Transfer to ACD',
  transferToFlow: 'Transfer to Flow',
};

/** The label that a step without one gets: `playAudio` is "Play Audio". */
export function stepLabel(kind: string): string {
  const words = kind.replace(/([a-z])([A-Z])/g, '$1 $2');
  return labels[kind] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
