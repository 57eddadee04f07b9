import './style.css';
import { render } from 'lit';
import { Session } from './session.ts';
import { pageView } from './views/page.ts';

const root = document.getElementById('page')!;
const session: Session = new Session((state) => render(pageView(state, session), root));
void session.open();
