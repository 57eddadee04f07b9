import './no-eval.ts';
import './style.css';
import { render } from 'lit';
import { Session } from './session.ts';
import { pageView } from './views/page.ts';
import { titleText } from './words.ts';

const root = document.getElementById('page')!;
const session: Session = new Session((state) => {
  document.title = titleText(state);
  render(pageView(state, session), root);
});
void session.open();
