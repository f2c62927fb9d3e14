/** Which view a start leads to. Pure. */
const SCREENS = /^\/(instances|deploys?|settings)(\/|\?|$)/;

/** The last view where it is one of the app's own, else the fleet. */
export function startAddress(lastView: string | null): string {
  return lastView !== null && SCREENS.test(lastView) ? lastView : '/instances';
}
